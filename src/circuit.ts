import type { BreakerCommandEvent } from '../machines/breaker-events.ts';
import { timeToRetryMs } from '../machines/overdue.ts';
import { nextTrialId } from '../machines/trials.ts';
import { type BreakerActorRef, type BreakerActorSnapshot, ChartLink, type LinkObserver } from './chart-link.ts';
import type { BreakerClock } from './clock.ts';
import { CircuitBreakerOpenError } from './errors/circuit-breaker-open-error.ts';
import type { JudgeError } from './judge-error.ts';
import { type BreakerListeners, type BreakerListenerType, type CallEvent, Listeners } from './listeners.ts';
import { type BreakerMetrics, Totals, toMetrics } from './metrics.ts';
import { OutcomeRecorder } from './outcome-recorder.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { Ticket, type TicketOffice } from './ticket.ts';
import type { UserCode } from './user-code.ts';

/** What a circuit is made of. */
export interface CircuitParts {
  readonly actor: BreakerActorRef;
  readonly clock: BreakerClock;
  /** Whether others may look at the actor, so that every outcome has to be sent at once. */
  readonly isObserved: boolean;
  /** Judges errors the way the actor's machine does; undefined where every error counts. */
  readonly judgeError: JudgeError | undefined;
  /** Tells whether a returned value counts as a failure; undefined where none does. */
  readonly judgeResult: ((result: unknown) => boolean) | undefined;
  readonly userCode: UserCode;
}

/**
 * Takes calls past the chart: asks it whether a call may be made, tells it how the call ended, counts, and tells the
 * listeners. It decides nothing.
 */
export class Circuit implements TicketOffice, LinkObserver {
  readonly link: ChartLink;
  readonly #listeners: Listeners;
  readonly #totals = new Totals();
  readonly #recorder: OutcomeRecorder;
  readonly #judgeResult: ((result: unknown) => boolean) | undefined;
  #seen: BreakerActorSnapshot | undefined;
  /** The ticket of every call, where calls are admitted without asking for a slot. */
  #ticket: Ticket | undefined;
  #refusal: Refusal | undefined;
  /** Set while the actor is known to be in the middle of another event, so that it can start no trial. */
  #isBusy = false;

  constructor({ actor, clock, isObserved, judgeError, judgeResult, userCode }: CircuitParts) {
    this.#listeners = new Listeners(userCode);
    this.link = new ChartLink(actor, clock, userCode, this);
    this.#recorder = new OutcomeRecorder(this.link, judgeError, isObserved);
    this.#judgeResult = judgeResult;
    if (isObserved) this.link.listen(this.#listeners);
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
    const ticket = this.#ticket ?? this.#admitTrial();
    if (ticket?.isCounted) this.#totals.calls++;
    return ticket;
  }

  /** Accounts a rejection. Call it right after `admit()` said no. */
  reject(): CircuitBreakerOpenError {
    const { at, ...details } = this.#refusal ?? refusalOf(this.link, this.link.clock.now());
    this.#totals.rejected++;
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

  /** Accounts a success. */
  succeed(ticket: Ticket): void {
    if (!ticket.isCounted) return;
    this.#totals.successes++;
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
    const at = this.link.clock.now();
    if (this.#recorder.fail(ticket, error, at, isJudged)) {
      this.#totals.addFailure(error, at);
      if (this.#listeners.has('failure')) {
        const event = this.#callEvent('call.failed', ticket, at);
        this.#listeners.emit('failure', (listener) => listener(error, event));
      }
    } else this.#totals.ignored++;
    this.link.announce();
  }

  /** Accounts a call that missed a deadline. */
  timeOut(ticket: Ticket, error: unknown): void {
    if (ticket.isCounted) this.#totals.timeouts++;
    this.fail(ticket, error);
  }

  /** Accounts a call that ended without a verdict, or that its caller gave up. */
  release(ticket: Ticket, end: 'ignored' | 'cancelled'): void {
    if (!ticket.isCounted) return;
    this.#totals[end]++;
    this.#recorder.release(ticket, end);
    this.link.announce();
  }

  /** Gives an order; a stopped circuit takes none. */
  command(type: BreakerCommandEvent['type']): void {
    const at = this.link.clock.now();
    this.link.passTime(at);
    this.link.send({ type, at });
    this.link.announce();
  }

  /**
   * Holds the circuit open by hand.
   *
   * @returns A handle that lets go once, unless the isolation it was for has ended in another way.
   */
  isolate(): Disposable {
    const at = this.link.clock.now();
    this.link.passTime(at);
    this.link.send({ type: 'breaker.isolate', at });
    let isHeld = this.link.isActive;
    let { generation } = this.link.snapshot.context;
    if (isHeld && this.link.snapshot.context.holds === 0) {
      // The actor is busy with another event and takes the order when that is done.
      const isolation = this.link.actor.on('breaker.isolated', (change) => {
        generation = change.generation;
        isolation.unsubscribe();
      });
    }
    this.link.announce();
    return {
      [Symbol.dispose]: () => {
        const isOurs = isHeld && this.link.snapshot.context.generation === generation;
        isHeld = false;
        if (isOurs) this.command('breaker.release');
      },
    };
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
    return toMetrics(context, this.#totals, {
      state: this.link.state,
      consecutiveFailures: this.#recorder.consecutiveFailures(context),
      retryAfterMs: this.link.isActive ? timeToRetryMs(context, this.link.clock.now()) : null,
    });
  }

  /** Lets go of the actor; every later call is rejected. */
  stop(): void {
    this.look();
    this.#recorder.expose();
    this.link.detach();
    this.#listeners.clear();
    this.#ticket = undefined;
  }

  /** Takes note of what the chart says about admission, when it has changed. */
  look(): void {
    const { snapshot } = this.link;
    if (snapshot !== this.#seen) this.#takeNote(snapshot);
  }

  #takeNote(snapshot: BreakerActorSnapshot): void {
    this.#seen = snapshot;
    const { context } = snapshot;
    const isCounted = !snapshot.hasTag('uncounted');
    if (!this.link.isActive || !snapshot.hasTag('admitting') || snapshot.hasTag('trial')) this.#ticket = undefined;
    else if (this.#ticket?.generation !== context.generation)
      this.#ticket = new Ticket(this, context.generation, undefined, isCounted);
    this.#recorder.follow(context, this.#ticket !== undefined && isCounted);
  }

  /** Takes a half-open slot; undefined where there is none. */
  #admitTrial(): Ticket | undefined {
    const now = this.link.clock.now();
    this.link.passTime(now);
    const ticket = this.link.isActive && this.link.snapshot.hasTag('trial') ? this.#startTrial(now) : undefined;
    // Before the callbacks run, which may change the state that the call was judged by.
    this.#refusal = ticket ? undefined : refusalOf(this.link, now);
    this.link.announce();
    return ticket;
  }

  #startTrial(at: number): Ticket | undefined {
    if (this.#isBusy) return undefined;
    const { trials, trialsStarted } = this.link.snapshot.context;
    const trial = nextTrialId(trials, trialsStarted);
    this.link.send({ type: 'trial.started', at, trial });
    const { context } = this.link.snapshot;
    if (context.trials.some(({ id }) => id === trial)) return new Ticket(this, context.generation, trial);
    // The actor is busy with another event and will take the slot later: it has to be given back then.
    this.link.send({ type: 'call.cancelled', at, trial });
    this.#isBusy = true;
    queueMicrotask(() => {
      this.#isBusy = false;
    });
    return undefined;
  }

  #callEvent(type: CallEvent['type'], { generation }: Ticket, at: number): CallEvent {
    return { type, name: this.link.name, at, generation };
  }
}
