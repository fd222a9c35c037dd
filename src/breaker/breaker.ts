import type { CommandOrder } from '../../machines/change-cause.ts';
import type { Permit } from '../calls/permit.ts';
import type { RunContext } from '../calls/supervised-run.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import type { BreakerActorRef, BreakerState } from '../circuit/chart-link.ts';
import type { IsolationHold } from '../circuit/isolation.ts';
import type { BreakerListeners, BreakerListenerType } from '../circuit/listeners.ts';
import type { BreakerMetrics } from '../circuit/metrics.ts';
import type { FailureJudgement } from '../machine/judge-error.ts';
import type { RunOptions, StreamOptions, TripOptions } from '../options/breaker-options.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { StreamSource } from '../platform/stream-source.ts';
import type { OneResult } from './one-result.ts';

/**
 * A circuit breaker, as everybody sees it who is given one: makes calls, watches how they end, and stops making them for
 * a while when too many end badly. `CircuitBreaker` is one; one of another copy of this package is one, too.
 */
export interface Breaker {
  /** Name in errors, events, metrics and the inspector. */
  readonly name: string;

  /** The state now. Reading it takes no trial slot. */
  readonly state: BreakerState;

  /** Settles when it is known here what the `fleet` knows, or that it cannot be reached; at once without one. Never rejects. */
  readonly ready: Promise<void>;

  /** The clock that its waits and deadlines run by. */
  readonly clock: BreakerClock;

  /**
   * The XState actor behind the breaker, to subscribe to, to send events to, or for `useSelector`. Once it has been
   * read, every outcome is sent to it at once, which makes a call dearer by a few microseconds.
   */
  readonly actor: BreakerActorRef;

  /**
   * Calls a function, unless the circuit rejects.
   *
   * @param fn - A sync or async function.
   * @param args - Its arguments.
   * @returns The function's result. Rejects with the function's own error, with a `CircuitBreakerOpenError` when the
   *   function was not called, or with a TypeError if `fn` is not a function.
   */
  call<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): Promise<Awaited<R>>;

  /**
   * Calls a synchronous function, unless the circuit rejects.
   *
   * @param fn - A function that returns no promise.
   * @param args - Its arguments.
   * @returns What the function returns.
   * @throws What the function throws; CircuitBreakerOpenError when it was not called; TypeError if `fn` is not a
   *   function or returns a promise (which is neither a success nor a failure).
   */
  callSync<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): R;

  /**
   * Makes a call that can be aborted and that has a deadline. It settles at once when its signal is aborted or its
   * deadline passes, even if `fn` takes no notice; a late result is dropped.
   *
   * @param fn - Receives `{ signal }`, to be handed to the operation. One that gives a stream is for `stream`.
   * @param options - `signal`, `timeout` (ms) and `fallback` of this call.
   * @returns The function's result. Rejects with the function's own error, with the caller's `signal.reason`, with
   *   `CallTimeoutError`, with `CircuitBreakerOpenError` when the function was not called, with TypeError if `fn` is
   *   not a function, or with BreakerOptionsError.
   *
   * @example
   * ```ts
   * const answer = await breaker.run(({ signal }) => fetch(url, { signal }), { signal: stop.signal, timeout: 30_000 });
   * ```
   */
  run<R>(fn: ((context: RunContext) => R) & OneResult<R>, options?: RunOptions): Promise<Awaited<R>>;

  /**
   * Makes a call that returns a stream. Nothing happens before the first item is asked for; there a rejection surfaces,
   * too. The outcome is known when the stream ends: a success when it is whole or the consumer has had enough of it, a
   * failure when it throws, stalls or breaks off. A trial holds its slot until then.
   *
   * @param fn - Receives `{ signal }`; returns an AsyncIterable or a ReadableStream, or a promise of one.
   * @param options - See `StreamOptions`.
   * @returns An iterator that is read once and reads nothing ahead. Its items and errors are those of the stream.
   * @throws TypeError if `fn` is not a function; BreakerOptionsError.
   *
   * @example
   * ```ts
   * for await (const chunk of breaker.stream(({ signal }) => streamModel(prompt, { signal }), { idleTimeout: 15_000 })) {}
   * ```
   */
  stream<T>(
    fn: (context: RunContext) => StreamSource<T> | PromiseLike<StreamSource<T>>,
    options?: StreamOptions<T>,
  ): BreakerStream<T>;

  /**
   * Puts the breaker in front of a function.
   *
   * @param fn - A sync or async function; `this` is kept.
   * @returns A function with the same parameters that returns a promise; `.breaker` on it is this breaker.
   * @throws TypeError if `fn` is not a function.
   */
  wrap<F extends AnyFunction>(fn: F): Guarded<F>;

  /**
   * Puts the breaker in front of a synchronous function.
   *
   * @param fn - A function that returns no promise; `this` is kept.
   * @returns A function with the same signature; `.breaker` on it is this breaker.
   * @throws TypeError if `fn` is not a function.
   */
  wrapSync<F extends AnyFunction>(fn: F): F & HasBreaker;

  /**
   * Asks for leave to make one call; the permit is to be settled when the outcome is known.
   *
   * @throws CircuitBreakerOpenError when the circuit rejects; `fallback` plays no part.
   *
   * @example
   * ```ts
   * using permit = breaker.acquire();
   * const answer = await callModel(prompt);
   * permit.succeed();
   * ```
   */
  acquire(): Permit;

  /** Like `acquire()`, but returns undefined when the circuit rejects (which is a rejection like any other). */
  tryAcquire(): Permit | undefined;

  /**
   * Listens to an event; the listener gets the arguments of the option callback of the same name.
   *
   * @returns A function that stops listening.
   * @throws TypeError for an unknown event or a listener that is no function.
   * @example
   * ```ts
   * const off = breaker.on('stateChange', (from, to) => console.log(from, '->', to));
   * ```
   */
  on<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void;

  /**
   * Tells whether an error would count as a failure: by `excludedErrors`, `failurePredicate` and `classifyError`. It is
   * counted nowhere.
   */
  countsAsFailure(error: unknown): boolean;

  /**
   * Tells what an error would mean, its kind included, where `classifyError` has one for it. It is counted nowhere.
   *
   * @returns `{ counts: true }` for an error of which nobody says anything.
   */
  judge(error: unknown): FailureJudgement;

  /** What the breaker has seen so far: plain data, a copy; see `BreakerMetrics`. */
  metrics(): BreakerMetrics;

  /**
   * Holds the circuit open by hand (a fleet's for all): calls are rejected with reason `isolated`, until every hold is
   * released or `reset()`.
   *
   * @param order - Who orders it, and why: `by` and `reason`, told with the change. The same holds for the orders below.
   * @throws BreakerOptionsError if the order is wrong.
   *
   * @example
   * ```ts
   * const hold = breaker.isolate({ by: 'ada', reason: 'provider migration' });
   * hold.release({ by: 'ada' });
   * ```
   */
  isolate(order?: CommandOrder): IsolationHold;

  /**
   * Opens the circuit by hand, for one wait; one that is open or isolated stays as it is. To a fleet it is one opening.
   *
   * @param options - `by`, `reason`, and `openFor`: how long, in ms (by `recoveryTimeout` and `recoveryBackoff`).
   * @throws BreakerOptionsError if an option is wrong.
   */
  trip(options?: TripOptions): void;

  /** Closes the circuit, whatever its state (a fleet's for all), and forgets everything that was counted; ends every isolation. */
  reset(order?: CommandOrder): void;

  /** Lets every call pass and counts nothing, until `enable()` or another command; a fleet goes on without it. */
  disable(order?: CommandOrder): void;

  /** Ends `disable()`: the circuit is closed, with nothing counted. In any other state it changes nothing. */
  enable(order?: CommandOrder): void;

  /**
   * Waits for everything that was let through to end, permits that are not settled and open streams included: the first
   * time that nothing is under way, or `stop()`, settles it. Never rejects.
   *
   * @example
   * ```ts
   * breaker.isolate({ reason: 'shutdown' });
   * await breaker.idle();
   * breaker.stop();
   * ```
   */
  idle(): Promise<void>;

  /** The breaker as plain JSON, a copy, to go on from with `createBreaker({ snapshot })`, maybe in another process. */
  toJSON(): BreakerSnapshot;

  /**
   * Ends the breaker for good: later calls are rejected with reason `stopped`, no timer and no listener is left. Calls
   * that are under way go on. A breaker over somebody else's actor lets go of the actor without stopping it.
   */
  stop(): void;

  /** The same as `stop()`, for `using`. */
  [Symbol.dispose](): void;
}

/** Any function. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** A function that returns a promise. */
export type AsyncFunction = (this: never, ...args: never[]) => Promise<unknown>;

/** The breaker in front of a function. */
export interface HasBreaker<B extends Breaker = Breaker> {
  readonly breaker: B;
}

/**
 * A function with a breaker in front of it. One that returns a promise keeps its signature, with overloads and type
 * parameters; any other one, also one that returns a special kind of promise, returns a plain promise.
 */
export type Guarded<F extends AnyFunction, B extends Breaker = Breaker> = [
  ReturnType<F>,
  Promise<Awaited<ReturnType<F>>>,
] extends [Promise<unknown>, ReturnType<F>]
  ? F & HasBreaker<B>
  : GuardedFunction<ThisParameterType<F>, Parameters<F>, ReturnType<F>, B>;

/** A function with a breaker in front of it that returns a plain promise where the original does not. */
export interface GuardedFunction<T, A extends unknown[], R, B extends Breaker = Breaker> extends HasBreaker<B> {
  (this: T, ...args: A): Promise<Awaited<R>>;
}
