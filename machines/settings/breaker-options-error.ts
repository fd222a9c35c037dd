import { BrandedError, brandOf, isBranded } from './branded-error.ts';

const brand = brandOf('BreakerOptionsError');

/**
 * Thrown at construction when an option is unknown, out of range, of the wrong type, or contradicts
 * another one. Nothing has been built when it is thrown.
 *
 * @example
 * ```ts
 * createBreaker({ failureThreshold: 0 });
 * // BreakerOptionsError: failureThreshold must be an integer of at least 1, but was 0.
 * ```
 */
export class BreakerOptionsError extends BrandedError {
  override readonly name = 'BreakerOptionsError';
  readonly code = 'ERR_BREAKER_OPTIONS';
  /** The option that is wrong, as it is spelt in the options object. */
  readonly option: string;

  /**
   * @param option - Name of the option that is wrong.
   * @param message - What is wanted and what was received, as a whole sentence.
   */
  constructor(option: string, message: string) {
    super(message, brand);
    this.option = option;
  }

  /**
   * Tells whether `value` is a `BreakerOptionsError`, also one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is BreakerOptionsError {
    return isBranded(value, brand);
  }
}
