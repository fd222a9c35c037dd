import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { Permit } from '../calls/permit.ts';
import { settleFailure } from '../calls/settle-failure.ts';
import { isNeutral } from './neutral-errors.ts';

/** One call, and what can end it from outside. */
export interface GuardedCall<R> {
  readonly call: () => R | PromiseLike<R>;
  readonly signals: readonly (AbortSignal | undefined)[];
}

/**
 * Makes a call behind a breaker.
 *
 * @returns What the call returns.
 * @throws CircuitBreakerOpenError when the circuit rejects; the call's own error; the reason of a signal that is aborted
 *   already.
 */
export async function guardedCall<R>(breaker: CircuitBreaker, { call, signals }: GuardedCall<R>): Promise<R> {
  const permit = admit(breaker, signals);
  try {
    const result = await call();
    permit.succeed(result);
    return result;
  } catch (error) {
    settleFailure(permit, error, signals, isNeutral);
    throw error;
  }
}

/**
 * Asks for admission, unless the caller has given up already.
 *
 * @throws CircuitBreakerOpenError when the circuit rejects; the reason of a signal that is aborted already.
 */
export function admit(breaker: CircuitBreaker, signals: readonly (AbortSignal | undefined)[]): Permit {
  for (const signal of signals) signal?.throwIfAborted();
  return breaker.acquire();
}
