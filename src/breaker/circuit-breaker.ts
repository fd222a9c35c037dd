import type { CommandOrder } from '../../machines/change-cause.ts';
import { Caller } from '../calls/caller.ts';
import type { Permit } from '../calls/permit.ts';
import type { RunContext } from '../calls/supervised-run.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import type { BreakerActorRef, BreakerState } from '../circuit/chart-link.ts';
import type { IsolationHold } from '../circuit/isolation.ts';
import type { BreakerListeners, BreakerListenerType } from '../circuit/listeners.ts';
import type { BreakerMetrics } from '../circuit/metrics.ts';
import type { FailureJudgement } from '../machine/judge-error.ts';
import type { BreakerOptions, RunOptions, StreamOptions, TripOptions } from '../options/breaker-options.ts';
import { checkOrder, checkTripOptions } from '../options/check-call-options.ts';
import { checkBreakerOptions } from '../options/check-options.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { StreamSource } from '../platform/stream-source.ts';
import { assembleBreaker } from './assemble-breaker.ts';
import type { AnyFunction, Breaker, Guarded, GuardedFunction, HasBreaker } from './breaker.ts';
import { fleetReady } from './fleet-ready.ts';
import { breakerBrand } from './is-breaker.ts';
import { likeOriginal } from './like-original.ts';
import type { OneResult } from './one-result.ts';

/**
 * A circuit breaker: makes calls, watches how they end, and stops making them for a while when too many end badly.
 *
 * @example
 * ```ts
 * const breaker = new CircuitBreaker({ name: 'model', failureThreshold: 3, recoveryTimeout: 30_000 });
 * const answer = await breaker.call(callModel, 'Hello');
 * ```
 */
export class CircuitBreaker implements Breaker {
  readonly #caller: Caller;

  /**
   * @param options - See `BreakerOptions`; all optional.
   * @throws BreakerOptionsError that names the option, what is wanted and what was received.
   */
  constructor(options?: BreakerOptions);
  /** @internal */
  constructor(caller: Caller);
  constructor(source: BreakerOptions | Caller = {}) {
    if (!(source instanceof Caller)) checkBreakerOptions(source);
    // Not a member with this name: bundlers take a class with one for something that must not be left out.
    Object.defineProperty(this, breakerBrand, { value: true });
    this.#caller = source instanceof Caller ? source : assembleBreaker(source);
  }

  get name(): string {
    return this.#caller.circuit.link.name;
  }

  get state(): BreakerState {
    this.#caller.circuit.passTime();
    return this.#caller.circuit.link.state;
  }

  get ready(): Promise<void> {
    return fleetReady(this.#caller.circuit.link.actor);
  }

  get clock(): BreakerClock {
    return this.#caller.circuit.link.clock;
  }

  get actor(): BreakerActorRef {
    return this.#caller.circuit.expose();
  }

  call<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): Promise<Awaited<R>> {
    const caller = this.#caller;
    const ticket = caller.admit(fn);
    if (ticket === undefined) return caller.decline(fn, args);
    try {
      return caller.follower.follow(ticket, fn(...args));
    } catch (error) {
      return caller.follower.abandon(ticket, error);
    }
  }

  callSync<A extends unknown[], R>(fn: (this: void, ...args: A) => R, ...args: A): R {
    return this.#caller.invokeSync(fn, undefined, args);
  }

  run<R>(fn: ((context: RunContext) => R) & OneResult<R>, options: RunOptions = {}): Promise<Awaited<R>> {
    return this.#caller.run(fn, options);
  }

  stream<T>(
    fn: (context: RunContext) => StreamSource<T> | PromiseLike<StreamSource<T>>,
    options: StreamOptions<T> = {},
  ): BreakerStream<T> {
    return this.#caller.stream(fn, options);
  }

  wrap<F extends AnyFunction>(fn: F): Guarded<F, CircuitBreaker>;
  wrap<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): GuardedFunction<T, A, R, CircuitBreaker> {
    return likeOriginal(fn, this, this.#caller.around(fn));
  }

  wrapSync<F extends AnyFunction>(fn: F): F & HasBreaker<CircuitBreaker>;
  wrapSync<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): (this: T, ...args: A) => R {
    return likeOriginal(fn, this, this.#caller.aroundSync(fn));
  }

  acquire(): Permit {
    const permit = this.#caller.permit();
    if (permit === undefined) throw this.#caller.circuit.reject();
    return permit;
  }

  tryAcquire(): Permit | undefined {
    const permit = this.#caller.permit();
    if (permit === undefined) this.#caller.circuit.reject();
    return permit;
  }

  on<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void {
    return this.#caller.circuit.listen(type, listener, `a listener of ${type}`);
  }

  countsAsFailure(error: unknown): boolean {
    return this.#caller.circuit.judge(error).counts;
  }

  judge(error: unknown): FailureJudgement {
    return this.#caller.circuit.judge(error);
  }

  metrics(): BreakerMetrics {
    return this.#caller.circuit.metrics();
  }

  isolate(order: CommandOrder = {}): IsolationHold {
    checkOrder(order);
    return this.#caller.circuit.orders.isolate(order);
  }

  trip(options: TripOptions = {}): void {
    checkTripOptions(options);
    this.#caller.circuit.orders.give('breaker.trip', options);
  }

  reset(order: CommandOrder = {}): void {
    checkOrder(order);
    this.#caller.circuit.orders.give('breaker.reset', order);
  }

  disable(order: CommandOrder = {}): void {
    checkOrder(order);
    this.#caller.circuit.orders.give('breaker.disable', order);
  }

  enable(order: CommandOrder = {}): void {
    checkOrder(order);
    this.#caller.circuit.orders.give('breaker.enable', order);
  }

  idle(): Promise<void> {
    return this.#caller.circuit.idle();
  }

  toJSON(): BreakerSnapshot {
    return this.#caller.circuit.snapshot();
  }

  stop(): void {
    this.#caller.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
