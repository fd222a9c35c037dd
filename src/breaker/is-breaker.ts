import { propertyOf } from '../../machines/property-of.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** Tells whether something is a breaker, by what it can do: it may be of another copy of this package. */
export function isBreaker(value: unknown): value is CircuitBreaker {
  return typeof propertyOf(value, 'acquire') === 'function';
}
