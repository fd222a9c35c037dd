import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('CallTimeoutError');

/** An option that sets a deadline. */
export type CallLimit = 'timeout' | 'firstItemTimeout' | 'idleTimeout';

const storyOf: Readonly<Record<CallLimit, (breaker: string) => string>> = {
  timeout: (breaker) => `A call through circuit "${breaker}" took longer than`,
  firstItemTimeout: (breaker) => `A call through circuit "${breaker}" gave nothing for`,
  idleTimeout: (breaker) => `A stream through circuit "${breaker}" gave no item for`,
};

/**
 * A call took longer than its `timeout`, or a stream or a request than its `firstItemTimeout` or `idleTimeout`. Its signal
 * has been aborted with this error as the reason; a result that arrives later is dropped. It counts as a failure, unless
 * `excludedErrors` or `failurePredicate` say otherwise.
 *
 * @example
 * ```ts
 * await breaker.run(({ signal }) => callModel(prompt, { signal }), { timeout: 30_000 });
 * // CallTimeoutError: A call through circuit "model" took longer than 30000 ms and was aborted.
 * ```
 */
export class CallTimeoutError extends BrandedError {
  override readonly name = 'CallTimeoutError';
  readonly code = 'ERR_CALL_TIMEOUT';
  /** Name of the breaker. */
  readonly breaker: string;
  /** The deadline that was missed, in milliseconds. */
  readonly timeoutMs: number;
  /** The option that set it. */
  readonly limit: CallLimit;

  /**
   * @param breaker - Name of the breaker.
   * @param timeoutMs - The deadline that was missed, in milliseconds.
   * @param limit - The option that set it.
   */
  constructor(breaker: string, timeoutMs: number, limit: CallLimit = 'timeout') {
    super(`${storyOf[limit](breaker)} ${timeoutMs} ms (${limit}) and was aborted.`, brand);
    this.breaker = breaker;
    this.timeoutMs = timeoutMs;
    this.limit = limit;
  }

  /**
   * Tells whether `value` is a `CallTimeoutError`, also one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is CallTimeoutError {
    return isBranded(value, brand);
  }
}
