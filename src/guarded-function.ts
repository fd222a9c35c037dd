import type { CircuitBreaker } from './circuit-breaker.ts';

/** Any function. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** A function that returns a promise. */
export type AsyncFunction = (this: never, ...args: never[]) => Promise<unknown>;

/** A function with a breaker in front of it: the same signature, overloads and type parameters included. */
export type Guarded<F extends AnyFunction> = F & {
  /** The breaker in front of the function. */
  readonly breaker: CircuitBreaker;
};

/** A function that returned a plain value, with a breaker in front of it: it returns a promise. */
export interface GuardedFunction<T, A extends unknown[], R> {
  (this: T, ...args: A): Promise<Awaited<R>>;
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
