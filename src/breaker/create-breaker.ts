import type { BreakerOptions } from '../options/breaker-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/**
 * Creates a circuit breaker.
 *
 * @param options - All optional: five failures in a row open the circuit for a minute.
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 *
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'model', failureThreshold: 3, recoveryTimeout: 30_000 });
 * const answer = await breaker.call(callModel, 'Hello');
 * ```
 */
export function createBreaker(options: BreakerOptions = {}): CircuitBreaker {
  return new CircuitBreaker(options);
}
