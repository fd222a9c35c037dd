import type { OpenedEmit } from '../../machines/breaker-events.ts';
import type { WindowCounts } from '../../machines/counting/window-counts.ts';
import { isSlowDuration } from '../../machines/event-facts.ts';
import { fleetOf } from '../../machines/fleet-actor.ts';
import { retryAfterMs } from '../../machines/overdue.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { SlowCallError } from '../errors/slow-call-error.ts';
import type { ErrorJudge, FailureJudgement } from '../machine/judge-error.ts';
import { wallLeadMs } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import { Admission } from './admission.ts';
import { type BreakerSnapshot, toSnapshot } from './breaker-snapshot.ts';
import { CallTeller, type EndDetails } from './call-teller.ts';
import { type BreakerActorRef, ChartLink, type LinkObserver } from './chart-link.ts';
import type { CircuitParts, ResultJudge } from './circuit-parts.ts';
import { Idleness } from './idleness.ts';
import { type BreakerListeners, type BreakerListenerType, Listeners, type SettleEvent } from './listeners.ts';
import { type BreakerMetrics, toMetrics } from './metrics.ts';
import { Orders } from './orders.ts';
import { type EndTime, OutcomeRecorder } from './outcome-recorder.ts';
import type { Ticket } from './ticket.ts';
import type { Totals } from './totals.ts';

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
  readonly #judgeResult: ResultJudge | undefined;
  /** Undefined as long as nobody has listened, which is the case of most breakers. */
  #teller: CallTeller | undefined;
  /** Undefined as long as nobody has waited for the calls to end. */
  #idleness: Idleness | undefined;

  constructor({ actor, clock, isObserved, errorJudge, judgeResult, totals, userCode }: CircuitParts) {
    this.totals = totals;
    this.userCode = userCode;
    this.#listeners = new Listeners(userCode);
    this.link = new ChartLink(actor, clock, userCode, this);
    this.#admission = new Admission(this.link);
    this.#recorder = new OutcomeRecorder(this.link, errorJudge, isObserved);
    this.#errorJudge = errorJudge;
    this.#judgeResult = judgeResult;
    if (isObserved || fleetOf(actor)) this.link.listen();
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
    else {
      this.#teller ??= new CallTeller(this.link, this.#listeners);
      this.link.listen(this.#teller.announcer);
    }
    if (type === 'settle') this.#admission.measure();
    return unlisten;
  }

  /** Asks for admission; undefined where the call is rejected. */
  admit(): Ticket | undefined {
    this.look();
    const ticket = this.#admission.admit();
    if (ticket?.isCounted) this.totals.calls++;
    else if (ticket) this.totals.uncounted++;
    return ticket;
  }

  /** Accounts a rejection. Call it right after `admit()` said no. */
  reject(): CircuitBreakerOpenError {
    const { at, ...details } = this.#admission.refusal;
    const { breaker: name, reason, retryAfterMs } = details;
    this.totals.rejected++;
    this.#teller?.rejected({ name, at, reason, retryAfterMs });
    return new CircuitBreakerOpenError(details);
  }

  /** Accounts a call that returned; its result may still count as a failure, or as nothing. */
  complete(ticket: Ticket, result: unknown): void {
    const judgement = ticket.isCounted ? this.#judgeResult?.(result) : undefined;
    if (judgement === undefined) this.succeed(ticket);
    else if (judgement.counts) this.fail(ticket, result, judgement);
    else this.release(ticket, 'ignored', judgement.kind);
  }

  /** Accounts a success; one that took too long counts as a failure. */
  succeed(ticket: Ticket): void {
    if (!ticket.isCounted) {
      this.#forget();
      return;
    }
    if (ticket.startedAt !== undefined && this.#succeedSlowly(ticket)) return;
    this.totals.successes++;
    this.#teller?.succeeded(ticket);
    this.#recorder.succeed(ticket);
    if (this.#isWatched) this.#end(ticket, 'success');
  }

  /** Accounts a failure; without a judgement the error is judged first. */
  fail(ticket: Ticket, error: unknown, known?: FailureJudgement, isTimeout = false): void {
    if (!ticket.isCounted) {
      this.#forget();
      return;
    }
    const time = this.#endTime(ticket);
    const isSlow = this.#isSlow(time);
    const place = this.#teller?.place;
    const { counts, kind } = this.#recorder.fail(ticket, error, time, isSlow, known);
    if (counts) {
      this.totals.addFailure(error, time.at, isSlow, kind);
      this.#teller?.failed(ticket, error, time.at, place);
    } else this.totals.addIgnored(kind);
    if (this.#isWatched) this.#end(ticket, counts ? 'failure' : 'ignored', { kind, isSlow, isTimeout });
  }

  /** Accounts a call that missed a deadline. */
  timeOut(ticket: Ticket, error: unknown): void {
    if (ticket.isCounted) this.totals.timeouts++;
    this.fail(ticket, error, undefined, true);
  }

  /** Accounts a call that ended without a verdict, or that its caller gave up. */
  release(ticket: Ticket, end: 'ignored' | 'cancelled', kind?: string): void {
    if (!ticket.isCounted) {
      this.#forget();
      return;
    }
    if (end === 'ignored') this.totals.addIgnored(kind);
    else this.totals.cancelled++;
    this.#recorder.release(ticket, end);
    if (this.#isWatched) this.#end(ticket, end, { kind });
  }

  /** Gives orders by hand. Made when it is needed: most breakers are given none. */
  get orders(): Orders {
    return new Orders(this.link, this.#recorder);
  }

  /** What an error would mean. */
  judge(error: unknown): FailureJudgement {
    return this.#errorJudge?.judge(error) ?? { counts: true };
  }

  /** Whether nothing that was let through is under way. */
  get isIdle(): boolean {
    return this.link.state === 'stopped' || this.totals.inFlight + this.totals.uncounted === 0;
  }

  /** Settles when nothing that was let through is under way any more; at once where nobody is let through. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    this.#idleness ??= new Idleness(this.link.actor);
    return this.#idleness.wait();
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
    this.link.listen();
    return this.link.actor;
  }

  /** Everything that is known, as plain data. */
  metrics(): BreakerMetrics {
    this.passTime();
    this.look();
    const { snapshot, state, clock } = this.link;
    const { context } = snapshot;
    const now = clock.now();
    return toMetrics(context, this.totals, {
      ...{ state, now, counts: this.#recorder.talliesIn(context) },
      retryAfterMs: state === 'stopped' ? null : retryAfterMs(snapshot, now),
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
    this.#teller?.announcer.clear();
    this.#admission.close();
    this.#idleness?.end();
  }

  /** Takes note of what the chart says about admission, when it has changed. */
  look(): void {
    if (this.#admission.look()) this.#recorder.follow(this.link.snapshot.context, this.#admission.isCounting);
  }

  /** What had been counted when the circuit opened, where the chart does not know it yet. */
  countsOfOpening(opened: OpenedEmit): WindowCounts | undefined {
    return this.#recorder.countsOfOpening(opened);
  }

  /** Accounts a call that went well but took too long; false where it did not. */
  #succeedSlowly(ticket: Ticket): boolean {
    const time = this.#endTime(ticket);
    const { slowCallThresholdMs } = this.link.snapshot.context.settings;
    if (!this.#isSlow(time)) return false;
    const error = new SlowCallError(this.link.name, time.duration ?? 0, slowCallThresholdMs ?? 0);
    const place = this.#teller?.place;
    this.#recorder.succeedSlowly(ticket, time, error);
    this.totals.addFailure(error, time.at, true, undefined);
    this.#teller?.failed(ticket, error, time.at, place);
    if (this.#isWatched) this.#end(ticket, 'failure', { isSlow: true });
    return true;
  }

  /** Whether anybody wants to know that a call has ended. */
  get #isWatched(): boolean {
    return this.#teller !== undefined || this.#idleness !== undefined;
  }

  /** Tells how a call has ended, and everything that its end has changed. */
  #end(ticket: Ticket, outcome: SettleEvent['outcome'], details?: EndDetails): void {
    this.#teller?.settled(ticket, outcome, details);
    if (this.isIdle) this.#idleness?.end();
  }

  /** A call has ended of which nothing is counted or told. */
  #forget(): void {
    this.totals.uncounted--;
    if (this.isIdle) this.#idleness?.end();
  }

  #endTime({ startedAt }: Ticket): EndTime {
    const at = this.link.clock.now();
    return { at, duration: startedAt === undefined ? undefined : at - startedAt };
  }

  #isSlow({ duration }: EndTime): boolean {
    return isSlowDuration(duration, this.link.snapshot.context.settings);
  }
}
