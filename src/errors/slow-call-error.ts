import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('SlowCallError');

/**
 * The failure of a call that ended well but took longer than `slowCallThreshold`. It is never thrown: the caller gets
 * the call's result. `onFailure` hears of it, and it can be the `cause` of a rejection.
 */
export class SlowCallError extends BrandedError {
  override readonly name = 'SlowCallError';
  readonly code = 'ERR_SLOW_CALL';
  /** Name of the breaker. */
  readonly breaker: string;
  /** How long the call took, in milliseconds. */
  readonly durationMs: number;
  /** How long it may have taken, in milliseconds. */
  readonly slowCallThresholdMs: number;

  /**
   * @param breaker - Name of the breaker.
   * @param durationMs - How long the call took, in milliseconds.
   * @param slowCallThresholdMs - How long it may have taken, in milliseconds.
   */
  constructor(breaker: string, durationMs: number, slowCallThresholdMs: number) {
    super(
      `The call past circuit breaker "${breaker}" took ${Math.round(durationMs)} ms, more than its ` +
        `slowCallThreshold of ${slowCallThresholdMs} ms. Its result was returned, but it counts as a failure.`,
      brand,
    );
    this.breaker = breaker;
    this.durationMs = durationMs;
    this.slowCallThresholdMs = slowCallThresholdMs;
  }

  /**
   * Tells whether `value` is a `SlowCallError`, also one of another copy of this package.
   *
   * @param value - Anything that was reported.
   */
  static isInstance(value: unknown): value is SlowCallError {
    return isBranded(value, brand);
  }
}
