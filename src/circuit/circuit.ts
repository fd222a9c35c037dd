import type { BreakerCommandEvent } from '../../machines/breaker-events.ts';
import { isSlowDuration } from '../../machines/event-facts.ts';
import { fleetOf } from '../../machines/fleet-actor.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { SlowCallError } from '../errors/slow-call-error.ts';
import type { ErrorJudge } from '../machine/judge-error.ts';
import { type BreakerClock, wallLeadMs } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import { Admission } from './admission.ts';
import { type BreakerSnapshot, toSnapshot } from './breaker-snapshot.ts';
import { type BreakerActorRef, ChartLink, type LinkObserver } from './chart-link.ts';
import { holdOpen } from './isolation.ts';
import { type BreakerListeners, type BreakerListenerType, type CallEvent, Listeners } from './listeners.ts';
import { type BreakerMetrics, toMetrics } from './metrics.ts';
import { type EndTime, OutcomeRecorder } from './outcome-recorder.ts';
import type { Ticket } from './ticket.ts';
import type { Totals } from './totals.ts';

/** What a circuit is made of. */
export interface CircuitParts {
  readonly actor: BreakerActorRef;
  readonly clock: BreakerClock;
  /** Whether others may look at the actor, so that every outcome has to be sent at once. */
  readonly isObserved: boolean;
  /** Judges errors the way the actor's machine does; undefined where every error counts. */
  readonly errorJudge: ErrorJudge | undefined;
  /** Tells whether a returned value counts as a failure; undefined where none does. */
  readonly judgeResult: ((result: unknown) => boolean) | undefined;
  /** What has been counted so far. */
  readonly totals: Totals;
  readonly userCode: UserCode;
}

/**
 * Takes calls past the chart: asks it whether a call may be made, tells it how the call ended, counts, and tells the
 * listeners. It decides nothing.
 */
export class Circuit implements LinkObserver {
  readonly link: ChartLink;
  /** Runs the user's functions. */
  readonly userCode: UserCode;
  /** Totals of everything that was asked of the circuit. */
  readonly totals: Totals;
  readonly #listeners: Listeners;
  readonly #admission: Admission;
  readonly #recorder: OutcomeRecorder;
  readonly #errorJudge: ErrorJudge | undefined;
  readonly #judgeResult: ((result: unknown) => boolean) | undefined;

  constructor({ actor, clock, isObserved, errorJudge, judgeResult, totals, userCode }: CircuitParts) {
    this.totals = totals;
    this.userCode = userCode;
    this.#listeners = new Listeners(userCode);
    this.link = new ChartLink(actor, clock, userCode, this);
    this.#admission = new Admission(this.link);
    this.#recorder = new OutcomeRecorder(this.link, errorJudge, isObserved);
    this.#errorJudge = errorJudge;
    this.#judgeResult = judgeResult;
    if (isObserved || fleetOf(actor)) this.link.listen(this.#listeners);
  }

  /**
   * Adds a listener; one added to a stopped circuit is never called.
   *
   * @param where - Where an error of the listener is said to come from.
   * @returns A function that takes it off again.
   */
  listen<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T], where: string): () => void {
    const unlisten = this.#listeners.add(type, listener, where);
    if (this.link.isDetached) unlisten();
    else this.link.listen(this.#listeners);
    return unlisten;
  }

  /** Asks for admission; undefined where the call is rejected. */
  admit(): Ticket | undefined {
    this.look();
    const ticket = this.#admission.admit();
    if (ticket?.isCounted) this.totals.calls++;
    return ticket;
  }

  /** Accounts a rejection. Call it right after `admit()` said no. */
  reject(): CircuitBreakerOpenError {
    const { at, ...details } = this.#admission.refusal;
    this.totals.rejected++;
    if (this.#listeners.has('reject')) {
      const { breaker: name, reason, retryAfterMs } = details;
      this.#listeners.emit('reject', (listener) => listener({ type: 'call.rejected', name, at, reason, retryAfterMs }));
    }
    return new CircuitBreakerOpenError(details);
  }

  /** Accounts a call that returned; its result may still count as a failure. */
  complete(ticket: Ticket, result: unknown): void {
    if (ticket.isCounted && this.#judgeResult?.(result)) this.fail(ticket, result, true);
    else this.succeed(ticket);
  }

  /** Accounts a success; one that took too long counts as a failure. */
  succeed(ticket: Ticket): void {
    if (!ticket.isCounted) return;
    if (ticket.startedAt !== undefined && this.#succeedSlowly(ticket)) return;
    this.totals.successes++;
    this.#recorder.succeed(ticket);
    if (this.#listeners.has('success')) {
      const event = this.#callEvent('call.succeeded', ticket, this.link.clock.now());
      this.#listeners.emit('success', (listener) => listener(event));
    }
    this.link.announce();
  }

  /**
   * Accounts a failure; one that is not known to count (`isJudged`) is judged first.
   */
  fail(ticket: Ticket, error: unknown, isJudged = false): void {
    if (!ticket.isCounted) return;
    const time = this.#endTime(ticket);
    const isSlow = this.#isSlow(time);
    if (this.#recorder.fail(ticket, error, time, isSlow, isJudged)) this.#tellFailure(ticket, error, time.at, isSlow);
    else this.totals.ignored++;
    this.link.announce();
  }

  /** Accounts a call that missed a deadline. */
  timeOut(ticket: Ticket, error: unknown): void {
    if (ticket.isCounted) this.totals.timeouts++;
    this.fail(ticket, error);
  }

  /** Accounts a call that ended without a verdict, or that its caller gave up. */
  release(ticket: Ticket, end: 'ignored' | 'cancelled'): void {
    if (!ticket.isCounted) return;
    this.totals[end]++;
    this.#recorder.release(ticket, end);
    this.link.announce();
  }

  /** Whether an error counts as a failure. */
  countsAsFailure(error: unknown): boolean {
    return this.#errorJudge?.judge(error).counts ?? true;
  }

  /** Gives an order; a stopped circuit takes none. */
  command(type: BreakerCommandEvent['type']): void {
    const at = this.link.clock.now();
    this.link.passTime(at);
    this.link.send({ type, at });
    this.link.announce();
  }

  /** Holds the circuit open by hand; see `holdOpen`. */
  isolate(): Disposable {
    return holdOpen(this.link, () => this.command('breaker.release'));
  }

  /** Brings the state up to date with the clock before it is read. */
  passTime(): void {
    this.link.passTime(this.link.clock.now());
    this.link.announce();
  }

  /** The actor, brought up to date; from now on every outcome is sent at once, since anybody may look. */
  expose(): BreakerActorRef {
    this.look();
    this.#recorder.expose();
    this.link.listen(this.#listeners);
    return this.link.actor;
  }

  /** Everything that is known, as plain data. */
  metrics(): BreakerMetrics {
    this.passTime();
    this.look();
    const { context } = this.link.snapshot;
    return toMetrics(context, this.totals, {
      state: this.link.state,
      counts: this.#recorder.talliesIn(context),
      now: this.link.clock.now(),
    });
  }

  /** Everything that another breaker needs to go on from here. */
  snapshot(): BreakerSnapshot {
    this.passTime();
    this.look();
    const { chartState, snapshot, clock } = this.link;
    const counts = this.#recorder.countsIn(snapshot.context);
    return toSnapshot(chartState, { ...snapshot.context, ...counts }, this.totals, wallLeadMs(clock));
  }

  /** Lets go of the actor; every later call is rejected. */
  stop(): void {
    this.look();
    this.#recorder.expose();
    this.link.detach();
    this.#listeners.clear();
    this.#admission.close();
  }

  /** Takes note of what the chart says about admission, when it has changed. */
  look(): void {
    if (this.#admission.look()) this.#recorder.follow(this.link.snapshot.context, this.#admission.isCounting);
  }

  /** Accounts a call that went well but took too long; false where it did not. */
  #succeedSlowly(ticket: Ticket): boolean {
    const time = this.#endTime(ticket);
    const { slowCallThresholdMs } = this.link.snapshot.context.settings;
    if (!this.#isSlow(time)) return false;
    const error = new SlowCallError(this.link.name, time.duration ?? 0, slowCallThresholdMs ?? 0);
    this.#recorder.succeedSlowly(ticket, time, error);
    this.#tellFailure(ticket, error, time.at, true);
    this.link.announce();
    return true;
  }

  #endTime({ startedAt }: Ticket): EndTime {
    const at = this.link.clock.now();
    return { at, duration: startedAt === undefined ? undefined : at - startedAt };
  }

  #isSlow({ duration }: EndTime): boolean {
    return isSlowDuration(duration, this.link.snapshot.context.settings);
  }

  #tellFailure(ticket: Ticket, error: unknown, at: number, isSlow: boolean): void {
    this.totals.addFailure(error, at, isSlow, this.#errorJudge?.classify(error)?.kind);
    if (!this.#listeners.has('failure')) return;
    const event = this.#callEvent('call.failed', ticket, at);
    this.#listeners.emit('failure', (listener) => listener(error, event));
  }

  #callEvent(type: CallEvent['type'], { generation }: Ticket, at: number): CallEvent {
    return { type, name: this.link.name, at, generation };
  }
}
