import type { Circuit } from '../circuit/circuit.ts';
import type { Ticket } from '../circuit/ticket.ts';
import { PermitNotSettledError } from '../errors/permit-not-settled-error.ts';

/**
 * Leave to make one call, to be settled once when its outcome is known. Settling twice does nothing more. A permit
 * that is disposed unsettled is a failure, like a transaction that was never committed.
 *
 * @example
 * ```ts
 * using permit = breaker.acquire();
 * const answer = await callModel(prompt);
 * permit.succeed();
 * ```
 */
export interface Permit {
  /** Whether the outcome has been told. */
  readonly settled: boolean;
  /** The call ended well. A result is judged by `failureResult` like one that a call returns; without one it is a success. */
  succeed(result?: unknown): void;
  /** The call ended badly. An error is judged like one that a call throws; without one the failure counts. */
  fail(error?: unknown): void;
  /** The outcome says nothing of the operation. */
  ignore(): void;
  /** The call was given up by its caller. */
  cancel(): void;
  /** Settles as a failure (`PermitNotSettledError`) what has not been settled. */
  [Symbol.dispose](): void;
}

/**
 * Makes a permit of an admission.
 *
 * @param ticket - The admission.
 * @param circuit - Where the outcome is told.
 * @param name - Name of the breaker.
 */
export function createPermit(ticket: Ticket, circuit: Circuit, name: string): Permit {
  let settled = false;
  const settle = (account: () => void) => {
    if (settled) return;
    settled = true;
    account();
  };
  return {
    get settled() {
      return settled;
    },
    // Without a result there is nothing to judge.
    succeed: (...results: readonly unknown[]) =>
      settle(() => (results.length === 0 ? circuit.succeed(ticket) : circuit.complete(ticket, results[0]))),
    // Without an error there is nothing to judge.
    fail: (...errors: readonly unknown[]) => settle(() => circuit.fail(ticket, errors[0], errors.length === 0)),
    ignore: () => settle(() => circuit.release(ticket, 'ignored')),
    cancel: () => settle(() => circuit.release(ticket, 'cancelled')),
    [Symbol.dispose]: () => settle(() => circuit.fail(ticket, new PermitNotSettledError(name), true)),
  };
}
