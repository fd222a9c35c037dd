const brand = Symbol.for('agent-circuit-breaker.CallTimeoutError');

/**
 * A call made with `run` took longer than its `timeout`. Its signal has been aborted with this error
 * as the reason; a result that arrives later is dropped. It counts as a failure, unless `excludedErrors` or
 * `failurePredicate` say otherwise.
 *
 * @example
 * ```ts
 * await breaker.run(({ signal }) => callModel(prompt, { signal }), { timeout: 30_000 });
 * // CallTimeoutError: A call through circuit "model" took longer than 30000 ms and was aborted.
 * ```
 */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError';
  readonly code = 'ERR_CALL_TIMEOUT';
  /** Name of the breaker. */
  readonly breaker: string;
  /** The deadline that was missed, in milliseconds. */
  readonly timeoutMs: number;

  /**
   * @param breaker - Name of the breaker.
   * @param timeoutMs - The deadline that was missed, in milliseconds.
   */
  constructor(breaker: string, timeoutMs: number) {
    super(`A call through circuit "${breaker}" took longer than ${timeoutMs} ms and was aborted.`);
    this.breaker = breaker;
    this.timeoutMs = timeoutMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * Tells whether `value` is a `CallTimeoutError`, also one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is CallTimeoutError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
