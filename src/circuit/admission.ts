import type { BreakerContext } from '../../machines/breaker-context.ts';
import { leaseRequest } from '../../machines/fleet-leases.ts';
import { retryAfterMs } from '../../machines/overdue.ts';
import { nextTrialId, outstandingOf } from '../../machines/trials.ts';
import type { RejectionDetails } from '../errors/circuit-breaker-open-error.ts';
import type { BreakerActorSnapshot, ChartLink } from './chart-link.ts';
import type { Ticket } from './ticket.ts';

/** Why a call was not admitted, and when it asked (epoch ms). */
export interface Refusal extends RejectionDetails {
  readonly at: number;
}

/**
 * Asks the chart whether a call may be made, and hands out the ticket. What the chart says is remembered until it says
 * something else, so that a call of a closed circuit is admitted without asking.
 */
export class Admission {
  readonly #link: ChartLink;
  #seen: BreakerActorSnapshot | undefined;
  /** The ticket of every call, where calls are admitted without asking for a slot. */
  #ticket: Ticket | undefined;
  /** Whether it matters to the chart how long a call takes, so that each one needs a ticket of its own. */
  #isTimed = false;
  /** Whether it matters to somebody who listens. */
  #isMeasuring = false;
  #refusal: Refusal | undefined;
  /** Set while the actor is known to be in the middle of another event, so that it can start no trial. */
  #isBusy = false;

  constructor(link: ChartLink) {
    this.#link = link;
  }

  /** From now on it is measured how long every call takes. */
  measure(): void {
    this.#isMeasuring = true;
  }

  /** Whether calls are admitted without asking for a slot, and counted. */
  get isCounting(): boolean {
    return this.#ticket?.isCounted ?? false;
  }

  /** Takes note of what the chart says; tells whether it has said anything new. */
  look(): boolean {
    const { snapshot } = this.#link;
    if (snapshot === this.#seen) return false;
    this.#takeNote(snapshot);
    return true;
  }

  /** Asks for admission, after a look; undefined where the call is rejected. */
  admit(): Ticket | undefined {
    const ticket = this.#ticket;
    if (ticket === undefined) return this.#admitInTime();
    return this.#isTimed || (this.#isMeasuring && ticket.isCounted) ? this.#timed(ticket) : ticket;
  }

  /** Why the last call was not admitted. */
  get refusal(): Refusal {
    return this.#refusal ?? refusalOf(this.#link, this.#link.clock.now());
  }

  /** Admits nobody any more. */
  close(): void {
    this.#ticket = undefined;
  }

  #takeNote(snapshot: BreakerActorSnapshot): void {
    this.#seen = snapshot;
    const { generation, settings } = snapshot.context;
    const isCounted = !snapshot.hasTag('uncounted');
    this.#isTimed = settings.slowCallThresholdMs !== null && isCounted;
    if (!this.#link.isActive || !snapshot.hasTag('admitting') || snapshot.hasTag('trial')) this.#ticket = undefined;
    else if (this.#ticket?.generation !== generation)
      this.#ticket = { generation, trial: undefined, isCounted, startedAt: undefined };
  }

  #timed({ generation, trial, isCounted }: Ticket): Ticket {
    return { generation, trial, isCounted, startedAt: this.#link.clock.now() };
  }

  /** Asks again once the chart knows what time it is; takes a half-open slot where one is needed. */
  #admitInTime(): Ticket | undefined {
    const now = this.#link.clock.now();
    this.#link.passTime(now);
    const isTrial = this.#link.isActive && this.#link.snapshot.hasTag('trial');
    const ticket = isTrial ? this.#startTrial(now) : this.#ticket && this.#timed(this.#ticket);
    // Before the callbacks run, which may change the state that the call was judged by.
    this.#refusal = ticket ? undefined : refusalOf(this.#link, now);
    if (ticket === undefined) this.#requestLease(now);
    this.#link.announce();
    return ticket;
  }

  /** A call has been turned down that could be a trial, if the fleet lends a slot. */
  #requestLease(now: number): void {
    const { isActive, snapshot } = this.#link;
    if (!isActive || !snapshot.hasTag('asking')) return;
    const request = leaseRequest(snapshot.context, now);
    if (request) this.#link.send(request);
  }

  #startTrial(startedAt: number): Ticket | undefined {
    if (this.#isBusy) return undefined;
    const before = this.#link.snapshot.context;
    const trial = nextTrialId(outstandingOf(before), before.trialsStarted);
    this.#link.send({ type: 'trial.started', at: startedAt, trial });
    const { context } = this.#link.snapshot;
    if (context.trials.some(({ id }) => id === trial))
      return { generation: context.generation, trial, isCounted: true, startedAt };
    if (isUntouched(before, context)) this.#takeBack(trial, startedAt);
    return undefined;
  }

  /** The actor is busy with another event and will take the slot later: it has to be given back then. */
  #takeBack(trial: number, at: number): void {
    this.#link.send({ type: 'call.cancelled', at, trial });
    this.#isBusy = true;
    queueMicrotask(() => {
      this.#isBusy = false;
    });
  }
}

/** Reads from the chart why it does not admit a call. */
function refusalOf(link: ChartLink, at: number): Refusal {
  const { state, cause } = link;
  const { snapshot } = link;
  const { context } = snapshot;
  if (state === 'stopped') return { breaker: context.name, reason: state, retryAfterMs: null, cause, at };
  // Admission also fails in a state that admits, while the actor is in the middle of another event.
  const reason = state === 'closed' || state === 'disabled' ? 'halfOpen' : state;
  return { breaker: context.name, reason, retryAfterMs: retryAfterMs(snapshot, at), cause, at };
}

/** Every trial that the chart has judged, started or not, moves its number on. */
function isUntouched(before: BreakerContext, after: BreakerContext): boolean {
  return before.trialsStarted === after.trialsStarted;
}
