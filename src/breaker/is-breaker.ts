import { brandOf, isBranded } from '../../machines/settings/branded-error.ts';
import type { Breaker } from './breaker.ts';

/** What every breaker bears. */
export const breakerBrand = brandOf('Breaker');

/**
 * Tells whether something is a breaker, also one of another copy of this package.
 *
 * @example
 * ```ts
 * if (isBreaker(candidate)) await candidate.call(callModel, 'Hello');
 * ```
 */
export function isBreaker(value: unknown): value is Breaker {
  return isBranded(value, breakerBrand);
}
