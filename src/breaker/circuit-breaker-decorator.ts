import { describeValue } from '../../machines/settings/describe-value.ts';
import type { BreakerOptions } from '../options/breaker-options.ts';
import { checkBreakerOptions } from '../options/check-options.ts';
import type { AnyFunction, AsyncFunction, Guarded, HasBreaker } from './breaker.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/** What the standard tells a decorator of a method, as far as it matters here. */
export interface MethodContext {
  readonly kind: 'method';
  readonly name: string | symbol;
}

/** What `circuitBreaker(options)` returns: a decorator in both dialects, and a higher-order function. */
export interface BreakerDecorator {
  /** As a standard (stage 3) decorator of a method that returns a promise. */
  <F extends AsyncFunction>(method: F, context: MethodContext): F & HasBreaker<CircuitBreaker>;
  /** As a legacy (`experimentalDecorators`) decorator of a method that returns a promise. */
  <F extends AsyncFunction>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<F>): void;
  /** Applied to a function. */
  <F extends AnyFunction>(fn: F): Guarded<F, CircuitBreaker>;
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

  function decorate<F extends AsyncFunction>(method: F, context: MethodContext): F & HasBreaker<CircuitBreaker>;
  function decorate<F extends AsyncFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): void;
  function decorate<F extends AnyFunction>(fn: F): Guarded<F, CircuitBreaker>;
  function decorate(subject: unknown, place?: unknown, descriptor?: PropertyDescriptor): unknown {
    assertDecoratesMethod(place);
    if (typeof place !== 'string' && typeof place !== 'symbol') return guard(subject, options);
    return { ...descriptor, value: guard(descriptor?.value, options) };
  }
  return decorate;
}

/** What stands in the place of a decorator's context says what is decorated. */
function assertDecoratesMethod(place: unknown): void {
  const kind = typeof place === 'object' && place !== null && 'kind' in place ? place.kind : 'method';
  if (typeof kind === 'string' && kind !== 'method')
    throw new TypeError(`circuitBreaker goes in front of methods and functions, but was put on a ${kind}.`);
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
