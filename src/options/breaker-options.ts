import type { InspectionEvent, Observer } from 'xstate';
import type { CommandOrder } from '../../machines/change-cause.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import type { BreakerListeners } from '../circuit/listeners.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { FailureJudgement } from '../machine/judge-error.ts';
import type { BreakerMachineOptions } from '../machine/machine-options.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { CallbackErrorHandler } from '../platform/user-code.ts';

/**
 * Called when the circuit rejects a call, instead of throwing; its result is the call's. What it throws reaches the
 * caller, and neither is counted.
 *
 * @param rejection - Why the call was not made.
 * @param args - The arguments of the call.
 */
// Written as a method, so that a fallback may name the types of the arguments that it is known to be given.
export type Fallback = { fallback(rejection: CircuitBreakerOpenError, ...args: unknown[]): unknown }['fallback'];

/** Callbacks: run after the new state is committed, before the call that caused them settles for its caller. */
export interface BreakerCallbacks {
  /** On every change of state. */
  readonly onStateChange?: BreakerListeners['stateChange'] | undefined;
  /** When the circuit opens. */
  readonly onOpen?: BreakerListeners['open'] | undefined;
  /** On every entry into closed. */
  readonly onClose?: BreakerListeners['close'] | undefined;
  /** When trials may run. */
  readonly onHalfOpen?: BreakerListeners['halfOpen'] | undefined;
  /** When the circuit is held open by hand; not for a further hold. */
  readonly onIsolate?: BreakerListeners['isolate'] | undefined;
  /** After a call that ended well. */
  readonly onSuccess?: BreakerListeners['success'] | undefined;
  /** After a call whose failure counts: its error, or the result that `failureResult` took for a failure. */
  readonly onFailure?: BreakerListeners['failure'] | undefined;
  /** After a call that was not let through. */
  readonly onReject?: BreakerListeners['reject'] | undefined;
  /**
   * After each call that was let through, however it ended; nothing is measured where nobody listens.
   */
  readonly onSettle?: BreakerListeners['settle'] | undefined;
  /**
   * Hears of what the user's own code throws: callbacks, listeners, predicates, an inspector. Nothing of it reaches a
   * call or changes the state.
   * @default console.error, once per distinct message
   */
  readonly onCallbackError?: CallbackErrorHandler | undefined;
}

/** Options of a facade over an actor that somebody else runs; judgement belongs to that actor's machine. */
export interface AttachOptions extends BreakerCallbacks {
  /**
   * Tells the time and sets timers.
   * @default the actor's own clock
   */
  readonly clock?: BreakerClock | undefined;
  /**
   * Called when the circuit rejects, instead of throwing.
   * @default none: a CircuitBreakerOpenError is thrown
   */
  readonly fallback?: Fallback | undefined;
  /**
   * Deadline of `run`, `stream`, `failover` and of plain answers of the AI SDK, in milliseconds from 1 to 2147483647: it
   * aborts the call's signal and rejects with CallTimeoutError, which counts. `call` and `wrap` have none. The timer does
   * not keep a process alive that has nothing else to do.
   * @default none
   */
  readonly timeout?: number | undefined;
}

/** Options of `createBreaker`. Durations are in milliseconds, from 1 to 2147483647. */
export interface BreakerOptions extends Omit<BreakerMachineOptions, 'notifyParent'>, AttachOptions {
  /**
   * Tells what a returned value means, which is still returned: `true`, or a judgement such as that of `classifyError`, is a
   * failure (`{ counts: false }` is neutral), `false` or undefined a success. One that throws counts a success.
   * @default none
   */
  readonly failureResult?: ((result: unknown) => boolean | FailureJudgement | undefined) | undefined;
  /**
   * Tells the time and sets timers. XState's `SimulatedClock` works as it is.
   * @default the system clock: monotonic, with timers that do not keep the process alive
   */
  readonly clock?: BreakerClock | undefined;
  /**
   * Passed to XState's `createActor`: receives every event and snapshot of the breaker's actor.
   * @default none
   */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /**
   * What `toJSON()` of a breaker of the same name returned, maybe in another process: the new breaker goes on from
   * there, with the options that it is given.
   * @default none
   */
  readonly snapshot?: BreakerSnapshot | undefined;
}

/** Options of one `stream`. Durations are in milliseconds, from 1 to 2147483647. */
export interface StreamOptions<T> extends RunOptions {
  /**
   * How long the first item may take from when it is asked for, connecting included. One that takes longer ends the
   * stream with a CallTimeoutError, which counts.
   * @default `idleTimeout`
   */
  readonly firstItemTimeout?: number | undefined;
  /**
   * How long each later item may take from when it is asked for. The time in which the consumer asks for none is its own.
   * @default none
   */
  readonly idleTimeout?: number | undefined;
  /**
   * Tells the item that marks the end. A stream that ends without it is a failure (`StreamInterruptedError`), since that
   * is how a connection looks that has broken; the consumer's loop ends as the stream did. One that throws is true.
   * @default none: a stream that ends is whole
   */
  readonly isComplete?: ((item: T) => boolean) | undefined;
}

/** Options of one `run`. */
export interface RunOptions {
  /**
   * The caller's own signal. When it is aborted, `run` rejects at once with its reason and the call is neutral; a
   * reason that is a `TimeoutError`, or the CallTimeoutError of a call around this one, counts as a failure instead. What
   * `run` has returned and is still read, such as the body of a Response, it aborts, too.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Deadline of this call in milliseconds, from 1 to 2147483647.
   * @default the breaker's `timeout`
   */
  readonly timeout?: number | undefined;
  /**
   * Called when the circuit rejects this call.
   * @default the breaker's `fallback`
   */
  readonly fallback?: Fallback | undefined;
}

/** Options of one `trip`. */
export interface TripOptions extends CommandOrder {
  /**
   * How long the circuit stays open, in milliseconds from 1 to 2147483647.
   * @default the wait by `recoveryTimeout` and `recoveryBackoff`
   */
  readonly openFor?: number | undefined;
}
