import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { isBreaker } from '../breaker/is-breaker.ts';

/** @throws TypeError for anything that is no breaker, no registry and no function. */
export function assertToolBreakers(breakers: unknown): void {
  if (typeof breakers === 'function' || isBreaker(breakers) || typeof propertyOf(breakers, 'get') === 'function')
    return;
  throw new TypeError(
    `guardMcpClient wants a breaker, a registry or a function that returns a breaker, but was given ${describeValue(breakers)}.`,
  );
}
