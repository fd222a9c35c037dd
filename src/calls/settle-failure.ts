import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { isTimeout } from '../platform/abort-watch.ts';
import type { Permit } from './permit.ts';

/**
 * Settles the permit of a call of an integration that failed. The caller's signal tells an abort from a timeout, whatever
 * the error. A call that another breaker has not let through says nothing of what was called.
 *
 * @param signals - Those that can end the call, where known.
 * @param isNeutral - Whether an error says nothing of what was called.
 */
export function settleFailure(
  permit: Permit,
  error: unknown,
  signals: readonly (AbortSignal | undefined)[],
  isNeutral: (error: unknown) => boolean,
): void {
  const aborted = signals.find((signal) => signal?.aborted);
  if (aborted && isTimeout(aborted.reason)) permit.fail(aborted.reason);
  else if (aborted) permit.cancel();
  else if (isNeutral(error) || CircuitBreakerOpenError.isInstance(error)) permit.ignore();
  else permit.fail(error);
}
