import type { CircuitBreaker } from './circuit-breaker.ts';

/** Any function. */
export type AnyFunction = (this: never, ...args: never[]) => unknown;

/** A function that returns a promise. */
export type AsyncFunction = (this: never, ...args: never[]) => Promise<unknown>;

/** The breaker in front of a function. */
export interface HasBreaker {
  readonly breaker: CircuitBreaker;
}

/**
 * A function with a breaker in front of it. One that returns a promise keeps its signature, with overloads and type
 * parameters; any other one, also one that returns a special kind of promise, returns a plain promise.
 */
export type Guarded<F extends AnyFunction> = [ReturnType<F>, Promise<Awaited<ReturnType<F>>>] extends [
  Promise<unknown>,
  ReturnType<F>,
]
  ? F & HasBreaker
  : GuardedFunction<ThisParameterType<F>, Parameters<F>, ReturnType<F>>;

/** A function with a breaker in front of it that returns a plain promise where the original does not. */
export interface GuardedFunction<T, A extends unknown[], R> extends HasBreaker {
  (this: T, ...args: A): Promise<Awaited<R>>;
}

/** Gives a function that stands in for another one the name and the length of that one, and its breaker. */
export function likeOriginal<F extends object>(original: object, breaker: CircuitBreaker, guarded: F) {
  for (const key of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor) Object.defineProperty(guarded, key, descriptor);
  }
  return Object.assign(guarded, { breaker });
}
