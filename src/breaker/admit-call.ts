import type { CallHandle } from '../calls/call-handle.ts';
import type { Permit } from '../calls/permit.ts';
import type { Breaker } from './breaker.ts';

/**
 * Asks a breaker to admit a call that an integration makes, unless its caller has given up already.
 *
 * @param signals - Those that can end the call, where known.
 * @throws CircuitBreakerOpenError when the circuit rejects; the reason of a signal that is aborted already; TypeError
 *   where somebody else's object is in the place of the breaker's permit.
 */
export function admitCall(breaker: Breaker, signals: readonly (AbortSignal | undefined)[]): CallHandle {
  for (const signal of signals) if (signal?.aborted) throw signal.reason;
  const permit = breaker.acquire();
  if (isHandle(permit)) return permit;
  permit.ignore();
  throw new TypeError(
    `An integration needs the permit that acquire() of the breaker "${breaker.name}" itself returns.`,
  );
}

/** By its shape: it may be of another copy of this package. */
function isHandle(permit: Permit): permit is CallHandle {
  return 'timeOut' in permit && 'abort' in permit && 'clock' in permit;
}
