import { admitCall } from '../breaker/admit-call.ts';
import type { Breaker } from '../breaker/breaker.ts';
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
export async function guardCall<R>(breaker: Breaker, { call, signals }: GuardedCall<R>): Promise<R> {
  const admitted = admitCall(breaker, signals);
  try {
    const result = await call();
    admitted.succeed(result);
    return result;
  } catch (error) {
    settleFailure(admitted, error, signals, isNeutral);
    throw error;
  }
}
