import { describeValue } from '../../machines/option-rules.ts';
import { propertyOf } from '../assert-runs-breaker.ts';

/** @throws TypeError for anything that is no breaker, no registry and no function. */
export function assertToolBreakers(breakers: unknown): void {
  if (typeof breakers === 'function' || isBreaker(breakers) || typeof propertyOf(breakers, 'get') === 'function')
    return;
  throw new TypeError(
    `guardMcpClient wants a breaker, a registry or a function that returns a breaker, but was given ${describeValue(breakers)}.`,
  );
}

/** Tells whether something is a breaker. */
export function isBreaker(value: unknown): boolean {
  return typeof propertyOf(value, 'acquire') === 'function';
}
