import { lotOf } from '../../machines/actor-clock.ts';
import { longestDurationMs } from '../../machines/settings/option-rules.ts';
import { systemClock } from '../platform/clock.ts';
import type { FleetAnswer } from './fleet-answer.ts';
import type { FleetOrder, Leases } from './fleet-request.ts';
import type { OrderMaker } from './order-queue.ts';
import type { OwnBreaker } from './own-breaker.ts';

/** For which share of a lease a breaker that has had a call keeps the slot to itself, when it gives it away first. */
const patience = 1 / 8;

/** See `#marginMs`. */
const shortestMarginMs = 50;

/** Between these bounds, in ms, a breaker that no call waits for leaves a free slot to those that need it more. */
const politeness = { shortest: 200, longest: 500 };

/**
 * Keeps the half-open slots that the fleet lends to one breaker. One is asked for as soon as the circuit is half-open, so
 * that the first call can be the trial, and is kept alive as long as it may be needed. A breaker that holds one without
 * having had a call since gives it to whoever has; one that had, only after a while, which doubles each time: otherwise
 * two that call seldom could hand it to each other for ever.
 */
export class SlotKeeper {
  readonly #breaker: OwnBreaker;
  readonly #order: (op: FleetOrder['op'], make: OrderMaker) => void;
  #nextRenewal: unknown;
  #nextQuestion: unknown;
  #endOfPatience: unknown;
  #isWantedElsewhere = false;
  #hasBeenWanted = false;
  #timesGiven = 0;
  #idleSince = 0;
  /** By how much a slot is lent for longer than it may be used, in ms: the answer has a way to go. */
  #marginMs = shortestMarginMs;
  readonly #toReturn = new Set<number>();

  /** @param order - Has something asked of the server. */
  constructor(breaker: OwnBreaker, order: (op: FleetOrder['op'], make: OrderMaker) => void) {
    this.#breaker = breaker;
    this.#order = order;
  }

  /** The circuit has become half-open. */
  begin(): void {
    this.#hasBeenWanted = false;
    this.#timesGiven = 0;
    this.#ask();
  }

  /** There is nothing to keep: the circuit is no longer half-open, or the server is gone. */
  rest(): void {
    systemClock.clearTimeout(this.#nextRenewal);
    systemClock.clearTimeout(this.#nextQuestion);
    systemClock.clearTimeout(this.#endOfPatience);
    this.#isWantedElsewhere = false;
  }

  /** Gives back a slot that is not needed any more. */
  giveBack(token: number): void {
    this.#toReturn.add(token);
    this.#order('release', () => {
      const leases = Object.fromEntries([...this.#toReturn].map((lease) => [lease, 0]));
      this.#toReturn.clear();
      return { op: 'release', leases };
    });
  }

  /** A call wants a slot. */
  want(): void {
    this.#hasBeenWanted = true;
    this.#ask();
  }

  /** Another breaker wants the slot that this one may hold. */
  offer(): void {
    this.#isWantedElsewhere = true;
    this.#giveWay();
  }

  /** A slot has become free. */
  tryAgain(): void {
    const { state, leases, hasAsked } = this.#breaker;
    if (state !== 'halfOpen' || (leases.length > 0 && !hasAsked)) return;
    if (hasAsked) this.#ask();
    else this.#askPolitely();
  }

  /**
   * Learns what became of an order.
   *
   * @param tookMs - How long the answer was on its way: by so much a lease is shorter than the server meant.
   */
  learn({ token, retry, kept, isOpen, rest }: FleetAnswer, order: FleetOrder, tookMs: number): void {
    this.#marginMs = Math.max(shortestMarginMs, 2 * tookMs);
    if (this.#breaker.state !== 'halfOpen') {
      if (token !== undefined) this.giveBack(token);
      return;
    }
    if (order.op === 'acquire' && token !== undefined) this.#take(token, order.ttl - tookMs);
    else if (order.op === 'renew' && kept !== undefined) this.#renewed(order.leases, kept, tookMs);
    else if (order.op === 'acquire' && retry !== undefined) this.#askIn(Math.max(1, retry));
    // Whoever has just given a slot back leaves it to others first, however near to the server it is.
    else if (order.op === 'release' || !isOpen || this.#breaker.leases.length > 0) return;
    else if (order.op === 'acquire') this.#askIn(Math.max(rest, politeness.shortest));
    else this.#ask();
  }

  #ask(): void {
    const ttl = this.#breaker.leaseMs + this.#marginMs;
    this.#order('acquire', () => {
      const { state, hasAsked: isWanted, leases } = this.#breaker;
      const isNeeded = state === 'halfOpen' && (isWanted || leases.length === 0);
      return isNeeded ? { op: 'acquire', ttl, isWanted, leases: this.#breaker.leaseDemand } : undefined;
    });
  }

  /** For how long each slot is still needed, and a little longer. */
  #demand(): Leases {
    const demand = Object.entries(this.#breaker.leaseDemand);
    return Object.fromEntries(demand.map(([token, ms]) => [token, ms + this.#marginMs]));
  }

  #askIn(ms: number): void {
    systemClock.clearTimeout(this.#nextQuestion);
    this.#nextQuestion = systemClock.setTimeout(() => this.#ask(), Math.min(ms, longestDurationMs));
  }

  #askPolitely(): void {
    this.#askIn(politeness.shortest + lotOf({}) * (politeness.longest - politeness.shortest));
  }

  #take(token: number, leaseFor: number): void {
    this.#idleSince = systemClock.now();
    this.#isWantedElsewhere = false;
    if (leaseFor >= 1) this.#breaker.tell({ type: 'fleet.leaseGranted', token, leaseFor });
    this.#renewLater();
  }

  #renewed(asked: Leases, kept: readonly string[], tookMs: number): void {
    for (const [lease, ttl] of Object.entries(asked)) {
      const token = Number(lease);
      // One that was given back in the meantime is not taken again.
      if (!this.#breaker.leases.some((held) => held.token === token)) continue;
      if (kept.includes(lease))
        this.#breaker.tell({ type: 'fleet.leaseGranted', token, leaseFor: Math.max(1, ttl - tookMs) });
      else this.#breaker.tell({ type: 'fleet.leaseLost', token });
    }
    this.#renewLater();
  }

  #renewLater(): void {
    systemClock.clearTimeout(this.#nextRenewal);
    this.#nextRenewal = systemClock.setTimeout(() => this.#renew(), this.#breaker.leaseMs / 3);
  }

  #renew(): void {
    if (this.#breaker.isTrying) {
      this.#hasBeenWanted = true;
      this.#idleSince = systemClock.now();
    }
    if (this.#giveWay()) return;
    if (this.#breaker.leases.length === 0) this.#ask();
    else this.#order('renew', () => ({ op: 'renew', leases: this.#demand() }));
  }

  /** Gives an idle slot to whoever wants it, after as long as it was wanted here, too. Tells whether it did. */
  #giveWay(): boolean {
    const { leases, isTrying, leaseMs } = this.#breaker;
    const [lease] = leases;
    if (!this.#isWantedElsewhere || lease === undefined || isTrying) return false;
    const patienceMs = this.#hasBeenWanted ? leaseMs * patience * 2 ** this.#timesGiven : 0;
    const restMs = this.#idleSince + patienceMs - systemClock.now();
    if (restMs > 0) {
      systemClock.clearTimeout(this.#endOfPatience);
      if (restMs < leaseMs) this.#endOfPatience = systemClock.setTimeout(() => this.#giveWay(), Math.max(1, restMs));
      return false;
    }
    const { token } = lease;
    this.#breaker.tell({ type: 'fleet.leaseLost', token });
    this.#isWantedElsewhere = false;
    this.#hasBeenWanted = false;
    this.#timesGiven++;
    // The breaker may be busy, and start a trial on it before it hears of the loss.
    queueMicrotask(() => {
      if (!this.#breaker.isTrying) this.giveBack(token);
    });
    // Only then, or what was given back would be taken for one that was lent and never arrived.
    this.#askPolitely();
    return true;
  }
}
