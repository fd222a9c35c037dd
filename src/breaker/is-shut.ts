import { propertyOf } from '../../machines/property-of.ts';
import type { Breaker } from './breaker.ts';

/** Tells whether a breaker rejects every call before time has passed, or for good. One that only watches rejects none. */
export function isShut(breaker: Breaker): boolean {
  const { state } = breaker;
  return (state === 'open' || state === 'isolated' || state === 'stopped') && propertyOf(breaker, 'shadow') !== true;
}
