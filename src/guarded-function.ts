import type { CircuitBreaker } from './circuit-breaker.ts';

/** A function with a breaker in front of it: the same arguments and `this`, always a promise. */
export interface GuardedFunction<T, A extends unknown[], R> {
  (this: T, ...args: A): Promise<Awaited<R>>;
  /** The breaker in front of the function. */
  readonly breaker: CircuitBreaker;
}

/** A synchronous function with a breaker in front of it: the same signature. */
export interface GuardedSyncFunction<T, A extends unknown[], R> {
  (this: T, ...args: A): R;
  /** The breaker in front of the function. */
  readonly breaker: CircuitBreaker;
}

/** Gives a function that stands in for another one the name and the length of that one, and its breaker. */
export function likeOriginal<F extends object>(original: object, breaker: CircuitBreaker, guarded: F) {
  for (const key of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor) Object.defineProperty(guarded, key, descriptor);
  }
  return Object.assign(guarded, { breaker });
}
