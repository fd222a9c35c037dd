import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { CallHandle } from './call-handle.ts';

/**
 * Settles a call of an integration that failed. The caller's signal tells an abort from a timeout, whatever
 * the error. A call that another breaker has not let through says nothing of what was called.
 *
 * @param signals - Those that can end the call, where known.
 * @param isNeutral - Whether an error says nothing of what was called.
 */
export function settleFailure(
  call: CallHandle,
  error: unknown,
  signals: readonly (AbortSignal | undefined)[],
  isNeutral: (error: unknown) => boolean,
): void {
  const aborted = signals.find((signal) => signal?.aborted);
  if (aborted) call.abort(aborted.reason);
  else if (isNeutral(error) || CircuitBreakerOpenError.isInstance(error)) call.ignore();
  else call.fail(error);
}
