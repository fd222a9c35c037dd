import { lotOf } from '../../machines/actor-clock.ts';
import type { FailureReason } from '../../machines/failure-reason.ts';
import type { NodeChangedEvent, NodeEvent } from '../../machines/fleet-actor.ts';
import { longestDurationMs } from '../../machines/settings/option-rules.ts';
import { systemClock } from '../platform/clock.ts';
import { type FleetAnswer, type FleetNews, readReason, writeReason } from './fleet-answer.ts';
import type { FleetLink, LinkMember } from './fleet-link.ts';
import { type FleetOrder, type SharedCircuit, unknownCircuit } from './fleet-request.ts';
import { OrderQueue } from './order-queue.ts';
import type { OwnBreaker } from './own-breaker.ts';
import { wellFormed } from './script-call.ts';
import { SlotKeeper } from './slot-keeper.ts';

/** How a breaker takes part in its fleet. Durations in ms. */
export interface MemberSettings {
  readonly quorum: number;
  /** Undefined: the breaker's `recoveryTimeout`. */
  readonly quorumWindowMs: number | undefined;
  readonly pollMs: number;
  readonly sharesFailures: boolean;
}

/** The circuit is kept at the server for at least so long, in ms, after it was heard of last. */
const shortestKeepMs = 60_000;

/** The fleet's circuit as it was heard of last. */
interface KnownCircuit extends SharedCircuit {
  /** When it was heard of, by the clock of the link. */
  readonly at: number;
}

/**
 * One breaker in its fleet: tells the server what the breaker does, and the breaker what the fleet does. Whatever it asks
 * is answered with the state of the fleet's circuit, so that every question repairs what may have been missed.
 */
export class FleetMember implements LinkMember {
  readonly name: string;
  readonly #id: string = crypto.randomUUID();
  readonly #breaker: OwnBreaker;
  readonly #link: FleetLink;
  readonly #settings: MemberSettings;
  readonly #orders = new OrderQueue((order) => this.#carryOut(order));
  readonly #slots: SlotKeeper;
  #known: KnownCircuit;
  /** Of which change the breaker was told last. */
  #shownEpoch = 0;
  /** Undefined before the first word of the fleet, or from it. */
  #isConnected: boolean | undefined;
  /** Why the breaker has opened last. */
  #reason = '';
  #failures = 0;
  #poll: unknown;

  constructor(breaker: OwnBreaker, link: FleetLink, settings: MemberSettings) {
    this.name = wellFormed(breaker.name);
    this.#breaker = breaker;
    this.#link = link;
    this.#settings = settings;
    this.#known = { ...unknownCircuit, at: systemClock.now() };
    this.#slots = new SlotKeeper(breaker, (op, make) => this.#order(op, make));
    if (breaker.holds > 0) this.#orders.add('hold', () => ({ op: 'hold' }));
  }

  /** Whether the server has answered, and has not been lost since. */
  get isConnected(): boolean {
    return this.#isConnected === true;
  }

  /** Hears what the breaker has done. */
  receive(event: NodeEvent): void {
    if (event.type === 'node.changed') this.#follow(event);
    else if (event.type === 'node.held') this.#order('hold', () => ({ op: 'hold' }));
    else if (event.type === 'lease.requested') this.#slots.want();
    else if (this.#settings.sharesFailures) this.#shareFailures(event.count, event.reason);
  }

  /** Asks how things are; a breaker that has opened by itself says so once more. */
  sync(): Promise<void> {
    this.#orders.add('sync', () => this.#breaker.opening(this.#reason) ?? { op: 'sync' });
    return this.#orders.run();
  }

  /** Hears what was published. */
  hear({ id, circuit, wantedBy }: FleetNews): void {
    if (this.#isConnected !== true || id !== this.#known.id) return;
    if (circuit !== undefined && circuit.epoch > this.#known.epoch) {
      this.#note(circuit, systemClock.now());
      this.#show();
    } else if (wantedBy !== undefined && wantedBy !== this.#id) this.#slots.offer();
    else if (wantedBy === undefined && circuit === undefined) this.#slots.tryAgain();
  }

  /** The fleet cannot be reached. */
  lose(): void {
    if (this.#isConnected === false) return;
    this.#isConnected = false;
    this.#failures = 0;
    this.#orders.drop();
    this.#slots.rest();
    systemClock.clearTimeout(this.#poll);
    this.#breaker.tell({ type: 'fleet.disconnected' });
  }

  /** Leaves the fleet; what it holds is given back. */
  leave(): void {
    // The slot of a trial that goes on is not free.
    const leases = this.#breaker.isTrying ? {} : this.#breaker.leaseDemand;
    this.#link.remove(this);
    systemClock.clearTimeout(this.#poll);
    this.#slots.rest();
    const isHeard = this.#isConnected === true;
    this.#isConnected = false;
    this.#orders.drop();
    if (!isHeard) return;
    this.#orders.run();
    // Nobody waits for it, and a server that does not hear it forgets the node anyway.
    this.#link
      .ask(this.name, this.#request({ op: 'leave', leases, isLast: !this.#link.hasName(this.name) }))
      .catch(() => {});
  }

  #order(op: FleetOrder['op'], make: () => FleetOrder | undefined): void {
    this.#orders.add(op, make);
    if (this.#isConnected !== false) this.#orders.run();
  }

  #follow({ from, to, by, waitMs, reopenings, reason, token }: NodeChangedEvent): void {
    const at = systemClock.now();
    this.#slots.rest();
    // An opening that has ended before it could be told is none.
    if (to !== 'halfOpen') this.#orders.drop(['open']);
    if (to === 'open') {
      this.#reason = writeReason(reason);
      const opening = {
        op: 'open',
        wait: waitMs ?? 0,
        reopenings,
        reason: this.#reason,
        ...held(token),
      } as const;
      this.#order('open', () => ({ ...opening, age: systemClock.now() - at }));
    } else if (to === 'halfOpen') this.#slots.begin();
    else if (to === 'isolated' || from === 'isolated') this.#order('hold', () => ({ op: 'hold' }));
    else if (by !== 'breaker.reset') this.#order('close', () => ({ op: 'close', ...(to === 'closed' && held(token)) }));
    if (by === 'breaker.reset') this.#order('reset', () => ({ op: 'reset' }));
    if (to === 'disabled' && token !== null) this.#slots.giveBack(token);
  }

  #shareFailures(count: number, reason: FailureReason | null): void {
    const { failureThreshold: threshold, recoveryTimeoutMs: wait } = this.#breaker.settings;
    this.#failures += count;
    this.#reason = writeReason(reason);
    this.#order('fail', () => {
      const failures = this.#failures;
      this.#failures = 0;
      return { op: 'fail', count: failures, threshold, wait, age: 0, reopenings: 0, reason: this.#reason };
    });
  }

  /** Asks the server; undefined where it gave no answer. */
  async #carryOut(order: FleetOrder): Promise<(() => void) | undefined> {
    const sentAt = systemClock.now();
    try {
      const answer = await this.#link.ask(this.name, this.#request(order));
      return () => {
        if (this.#link.has(this)) this.#learn(answer, order, sentAt);
      };
    } catch {
      // What only this breaker is refused, it tries again by itself.
      if (!this.#link.isLost && this.#link.has(this)) {
        this.lose();
        this.#syncLater();
      }
      return undefined;
    }
  }

  #request(order: FleetOrder): object {
    const { recoveryTimeoutMs, trialTimeoutMs, halfOpenTrials, failureWindowMs } = this.#breaker.settings;
    const { at, ...circuit } = this.#known;
    const alive = 3 * this.#link.pollMsOf(this.#settings.pollMs);
    const window = this.#settings.quorumWindowMs ?? recoveryTimeoutMs;
    return {
      ...order,
      ...{ name: this.name, node: this.#link.node, member: this.#id, channel: this.#link.channel, alive },
      keep: Math.max(shortestKeepMs, alive, 2 * recoveryTimeoutMs, 2 * trialTimeoutMs),
      quorum: this.#settings.quorum,
      window: order.op === 'fail' ? (failureWindowMs ?? window) : window,
      trials: halfOpenTrials,
      known: { ...circuit, rest: Math.max(0, circuit.rest - (systemClock.now() - at)) },
      holds: this.#breaker.holds,
    };
  }

  #learn(answer: FleetAnswer, order: FleetOrder, sentAt: number): void {
    const { token, retry, kept, wantedBy, refusal, ...circuit } = answer;
    const now = systemClock.now();
    // On its way back for half of the time, as far as one can tell.
    if (circuit.epoch >= this.#known.epoch) this.#note(circuit, (sentAt + now) / 2);
    if (this.#isConnected !== true) {
      this.#isConnected = true;
      this.#breaker.tell({ type: 'fleet.connected' });
    }
    this.#show();
    this.#slots.learn(answer, order, now - sentAt);
    if (wantedBy !== undefined && wantedBy !== this.#id) this.#slots.offer();
    this.#syncLater();
  }

  #syncLater(): void {
    systemClock.clearTimeout(this.#poll);
    const delayMs = this.#link.pollMsOf(this.#settings.pollMs) * (0.75 + lotOf({}) / 2);
    this.#poll = systemClock.setTimeout(() => this.sync(), Math.min(delayMs, longestDurationMs));
  }

  /** Whoever resets the fleet's circuit ends every hold on it, also those of other breakers. */
  #note(circuit: SharedCircuit, at: number): void {
    // A breaker that has known nothing yet, because it was restored, is not meant by a reset of old.
    const isReset =
      this.#known.epoch > 0 && circuit.resetEpoch > this.#known.epoch && !circuit.holders.includes(this.#id);
    this.#known = { ...circuit, at };
    if (isReset && !this.#orders.hasNews) this.#breaker.letGo();
  }

  /** Tells the breaker how the fleet's circuit is, where that is news, or where the breaker does not act accordingly. */
  #show(): void {
    // What the breaker has done in the meantime will be answered, too.
    if (this.#orders.hasNews) return;
    const { epoch, isOpen, rest, reopenings, reason, holders, at } = this.#known;
    const { state: chart } = this.#breaker;
    const state = holders.length > 0 ? 'isolated' : isOpen ? 'open' : 'closed';
    const isNews = epoch !== this.#shownEpoch || state !== this.#breaker.fleetState;
    this.#shownEpoch = epoch;
    if (state === 'isolated') {
      const others = holders.filter((holder) => holder !== this.#id).length;
      if (isNews || (chart !== 'isolated' && chart !== 'disabled'))
        this.#breaker.tell({ type: 'fleet.isolated', others });
    } else if (state === 'open') {
      if (!isNews && chart !== 'closed') return;
      this.#breaker.tellOpened(
        { openFor: Math.max(0, rest - (systemClock.now() - at)), reopenings },
        readReason(reason),
      );
    } else if (this.#breaker.fleetState !== 'closed') this.#breaker.tell({ type: 'fleet.closed' });
  }
}

function held(token: number | null) {
  return token === null ? undefined : { token };
}
