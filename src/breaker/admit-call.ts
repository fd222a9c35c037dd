import type { CallHandle } from '../calls/call-handle.ts';
import type { Permit } from '../calls/permit.ts';
import { isTimeout } from '../platform/abort-watch.ts';
import { systemClock } from '../platform/clock.ts';
import type { Breaker } from './breaker.ts';

/**
 * Asks a breaker to admit a call that an integration makes, unless its caller has given up already.
 *
 * @param signals - Those that can end the call, where known.
 * @throws CircuitBreakerOpenError when the circuit rejects; the reason of a signal that is aborted already.
 */
export function admitCall(breaker: Breaker, signals: readonly (AbortSignal | undefined)[]): CallHandle {
  for (const signal of signals) if (signal?.aborted) throw signal.reason;
  const permit = breaker.acquire();
  return isHandle(permit) ? permit : handleOf(permit, breaker.name);
}

/** By its shape: it may be of another copy of this package. */
function isHandle(permit: Permit): permit is CallHandle {
  return 'timeOut' in permit && 'abort' in permit && 'clock' in permit;
}

/** A permit that somebody has put in the place of ours tells nothing of deadlines. */
function handleOf(permit: Permit, name: string): CallHandle {
  return {
    ...{ name, clock: systemClock },
    get settled() {
      return permit.settled;
    },
    succeed: (...results) => permit.succeed(...results),
    fail: (...errors) => permit.fail(...errors),
    timeOut: (error) => permit.fail(error),
    abort: (reason) => (isTimeout(reason) ? permit.fail(reason) : permit.cancel()),
    ignore: () => permit.ignore(),
    cancel: () => permit.cancel(),
    [Symbol.dispose]: () => permit[Symbol.dispose](),
  };
}
