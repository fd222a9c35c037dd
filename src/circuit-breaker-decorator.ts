import { describeValue } from '../machines/option-rules.ts';
import type { BreakerOptions } from './breaker-options.ts';
import { checkBreakerOptions } from './check-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { GuardedFunction } from './guarded-function.ts';

/** A method that returns a promise, as a decorator can replace it. */
type AsyncMethod<T, A extends unknown[], R> = (this: T, ...args: A) => Promise<R>;

/** What `circuitBreaker(options)` returns: a decorator in both dialects, and a higher-order function. */
export interface BreakerDecorator {
  /** As a standard (stage 3) method decorator. */
  <T, A extends unknown[], R>(
    method: AsyncMethod<T, A, R>,
    context: ClassMethodDecoratorContext<T, AsyncMethod<T, A, R>>,
  ): GuardedFunction<T, A, Promise<R>>;
  /** As a legacy (`experimentalDecorators`) method decorator. */
  <T, A extends unknown[], R>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<AsyncMethod<T, A, R>>,
  ): void;
  /** Applied to a function. */
  <T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): GuardedFunction<T, A, R>;
}

/**
 * Puts a breaker in front of a method or a function. Each use makes one breaker, which all instances of the class
 * share; it is `.breaker` on the method.
 *
 * @param options - See `BreakerOptions`.
 * @throws BreakerOptionsError at once if an option is wrong; TypeError when it is used on anything but a method or a
 *   function.
 *
 * @example
 * ```ts
 * class Agent {
 *   @circuitBreaker({ failureThreshold: 3 })
 *   async ask(prompt: string) {
 *     return callModel(prompt);
 *   }
 * }
 * const guardedCall = circuitBreaker({ failureThreshold: 3 })(callModel);
 * ```
 */
export function circuitBreaker(options: BreakerOptions = {}): BreakerDecorator {
  checkBreakerOptions(options);

  function decorate<T, A extends unknown[], R>(
    method: AsyncMethod<T, A, R>,
    context: ClassMethodDecoratorContext<T, AsyncMethod<T, A, R>>,
  ): GuardedFunction<T, A, Promise<R>>;
  function decorate<T, A extends unknown[], R>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<AsyncMethod<T, A, R>>,
  ): void;
  function decorate<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): GuardedFunction<T, A, R>;
  function decorate(subject: unknown, place?: unknown, descriptor?: PropertyDescriptor): unknown {
    if (typeof place !== 'string' && typeof place !== 'symbol') return guard(subject, options);
    return { ...descriptor, value: guard(descriptor?.value, options) };
  }
  return decorate;
}

function guard(subject: unknown, options: BreakerOptions): unknown {
  if (isFunction(subject)) return new CircuitBreaker(options).wrap(subject);
  throw new TypeError(
    `circuitBreaker goes in front of methods and functions, but was given ${describeValue(subject)}.`,
  );
}

function isFunction(value: unknown): value is (this: unknown, ...args: unknown[]) => unknown {
  return typeof value === 'function';
}
