import { admitCall } from '../breaker/admit-call.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { settleFailure } from '../calls/settle-failure.ts';
import type { AbortWatch } from '../platform/abort-watch.ts';
import { isTurnedDown } from './is-turned-down.ts';
import { lendSignal } from './lent-signal.ts';

/** A request that is made behind a breaker. */
export interface ClientRequest {
  readonly send: (args: readonly unknown[]) => unknown;
  /** Its arguments, one of which may carry the caller's `signal`. */
  readonly args: readonly unknown[];
  readonly abortWatch: AbortWatch;
}

/**
 * Makes a request behind a breaker. What it returns is a success, also a tool's result with `isError: true`: the server
 * has answered.
 *
 * @throws CircuitBreakerOpenError when the circuit rejects; the request's own error; the reason of a signal that is
 *   aborted already.
 */
export async function guardRequest(breaker: Breaker, request: ClientRequest): Promise<unknown> {
  const { args, signal, release } = lendSignal(request.args, request.abortWatch);
  try {
    const call = admitCall(breaker, [signal]);
    try {
      const result = await request.send(args);
      call.succeed(result);
      return result;
    } catch (error) {
      // The error of an abort and that of a timeout have the same code: only the signal tells.
      settleFailure(call, error, [signal], isTurnedDown);
      throw error;
    }
  } finally {
    release();
  }
}
