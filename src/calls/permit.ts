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
