import { Caller } from '../calls/caller.ts';
import type { Permit } from '../calls/permit.ts';
import type { RunContext } from '../calls/supervised-run.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import type { BreakerActorRef, BreakerState } from '../circuit/chart-link.ts';
import type { BreakerListeners, BreakerListenerType } from '../circuit/listeners.ts';
import type { BreakerMetrics } from '../circuit/metrics.ts';
import type { BreakerOptions, RunOptions, StreamOptions } from '../options/breaker-options.ts';
import type { StreamSource } from '../platform/stream-source.ts';
import { assembleBreaker } from './assemble-breaker.ts';
import { fleetReady } from './fleet-ready.ts';
import type { AnyFunction, Guarded, GuardedFunction, HasBreaker } from './guarded-function.ts';
import { likeOriginal } from './guarded-function.ts';

/**
 * A circuit breaker: makes calls, watches how they end, and stops making them for a while when too many end badly.
 *
 * @example
 * ```ts
 * const breaker = new CircuitBreaker({ name: 'model', failureThreshold: 3, recoveryTimeout: 30_000 });
 * const answer = await breaker.call(callModel, 'Hello');
 * ```
 */
export class CircuitBreaker {
  readonly #caller: Caller;

  /**
   * @param options - See `BreakerOptions`; all optional.
   * @throws BreakerOptionsError that names the option, what is wanted and what was received.
   */
  constructor(options?: BreakerOptions);
  /** @internal */
  constructor(caller: Caller);
  constructor(source: BreakerOptions | Caller = {}) {
    this.#caller = source instanceof Caller ? source : assembleBreaker(source);
  }

  /** @internal */
  static countsAsFailure(breaker: CircuitBreaker, error: unknown): boolean {
    return breaker.#caller.circuit.countsAsFailure(error);
  }

  /** Name in errors, events, metrics and the inspector. */
  get name(): string {
    return this.#caller.circuit.link.name;
  }

  /** The state now. Reading it takes no trial slot. */
  get state(): BreakerState {
    this.#caller.circuit.passTime();
    return this.#caller.circuit.link.state;
  }

  /** Settles when it is known here what the `fleet` knows, or that it cannot be reached; at once without one. Never rejects. */
  get ready(): Promise<void> {
    return fleetReady(this.#caller.circuit.link.actor);
  }

  /**
   * The XState actor behind the breaker, to subscribe to, to send events to, or for `useSelector`. Once it has been
   * read, every outcome is sent to it at once, which makes a call dearer by a few microseconds.
   */
  get actor(): BreakerActorRef {
    return this.#caller.circuit.expose();
  }

  /**
   * Calls a function, unless the circuit rejects.
   *
   * @param fn - A sync or async function.
   * @param args - Its arguments.
   * @returns The function's result. Rejects with the function's own error, with a `CircuitBreakerOpenError` when the
   *   function was not called, or with a TypeError if `fn` is not a function.
   */
  call<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): Promise<Awaited<R>> {
    const ticket = this.#caller.admit(fn);
    if (ticket === undefined) return this.#caller.decline(fn, args);
    try {
      return ticket.follow(fn(...args));
    } catch (error) {
      return ticket.abandon(error);
    }
  }

  /**
   * Calls a synchronous function, unless the circuit rejects.
   *
   * @param fn - A function that returns no promise.
   * @param args - Its arguments.
   * @returns What the function returns.
   * @throws What the function throws; CircuitBreakerOpenError when it was not called; TypeError if `fn` is not a
   *   function or returns a promise (which is neither a success nor a failure).
   */
  callSync<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): R {
    return this.#caller.invokeSync(fn, undefined, args);
  }

  /**
   * Makes a call that can be aborted and that has a deadline. It settles at once when its signal is aborted or its
   * deadline passes, even if `fn` takes no notice; a late result is dropped.
   *
   * @param fn - Receives `{ signal }`, to be handed to the operation.
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
  run<R>(fn: (context: RunContext) => R, options: RunOptions = {}): Promise<Awaited<R>> {
    return this.#caller.run(fn, options);
  }

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
    options: StreamOptions<T> = {},
  ): BreakerStream<T> {
    return this.#caller.stream(fn, options);
  }

  /**
   * Puts the breaker in front of a function.
   *
   * @param fn - A sync or async function; `this` is kept.
   * @returns A function with the same parameters that returns a promise; `.breaker` on it is this breaker.
   * @throws TypeError if `fn` is not a function.
   */
  wrap<F extends AnyFunction>(fn: F): Guarded<F>;
  wrap<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): GuardedFunction<T, A, R> {
    return likeOriginal(fn, this, this.#caller.around(fn));
  }

  /**
   * Puts the breaker in front of a synchronous function.
   *
   * @param fn - A function that returns no promise; `this` is kept.
   * @returns A function with the same signature; `.breaker` on it is this breaker.
   * @throws TypeError if `fn` is not a function.
   */
  wrapSync<F extends AnyFunction>(fn: F): F & HasBreaker;
  wrapSync<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): (this: T, ...args: A) => R {
    return likeOriginal(fn, this, this.#caller.aroundSync(fn));
  }

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
  acquire(): Permit {
    const permit = this.#caller.permit();
    if (permit === undefined) throw this.#caller.circuit.reject();
    return permit;
  }

  /** Like `acquire()`, but returns undefined when the circuit rejects (which is a rejection like any other). */
  tryAcquire(): Permit | undefined {
    const permit = this.#caller.permit();
    if (permit === undefined) this.#caller.circuit.reject();
    return permit;
  }

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
  on<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void {
    return this.#caller.circuit.listen(type, listener, `a listener of ${type}`);
  }

  /** What the breaker has seen so far: plain data, a copy; see `BreakerMetrics`. */
  metrics(): BreakerMetrics {
    return this.#caller.circuit.metrics();
  }

  /** Holds the circuit open by hand (a fleet's for all): calls are rejected with reason `isolated`, until every handle is disposed or `reset()`. */
  isolate(): Disposable {
    return this.#caller.circuit.isolate();
  }

  /** Opens the circuit by hand, for one wait (`recoveryTimeout`, by `recoveryBackoff`); one that is open or isolated stays as it is. To a fleet it is one opening. */
  trip(): void {
    this.#caller.circuit.command('breaker.trip');
  }

  /** Closes the circuit, whatever its state (a fleet's for all), and forgets everything that was counted; ends every isolation. */
  reset(): void {
    this.#caller.circuit.command('breaker.reset');
  }

  /** Lets every call pass and counts nothing, until `enable()` or another command; a fleet goes on without it. */
  disable(): void {
    this.#caller.circuit.command('breaker.disable');
  }

  /** Ends `disable()`: the circuit is closed, with nothing counted. In any other state it changes nothing. */
  enable(): void {
    this.#caller.circuit.command('breaker.enable');
  }

  /** The breaker as plain JSON, a copy, to go on from with `createBreaker({ snapshot })`, maybe in another process. */
  toJSON(): BreakerSnapshot {
    return this.#caller.circuit.snapshot();
  }

  /**
   * Ends the breaker for good: later calls are rejected with reason `stopped`, no timer and no listener is left. Calls
   * that are under way go on. A breaker over somebody else's actor lets go of the actor without stopping it.
   */
  stop(): void {
    this.#caller.stop();
  }

  /** The same as `stop()`, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }
}
