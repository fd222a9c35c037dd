import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('EmptyAnswerError');

/**
 * The failure of an answer that ended without saying anything, where `failoverStream` or `failoverModel` can ask another
 * candidate: `onSwitch` and `onServed` hear of it. It is thrown only if none of those can be asked.
 */
export class EmptyAnswerError extends BrandedError {
  override readonly name = 'EmptyAnswerError';
  readonly code = 'ERR_EMPTY_ANSWER';
  /** Name of the breaker. */
  readonly breaker: string;

  /** @param breaker - Name of the breaker. */
  constructor(breaker: string) {
    super(`An answer through circuit "${breaker}" ended without saying anything.`, brand);
    this.breaker = breaker;
  }

  /**
   * Tells whether `value` is an `EmptyAnswerError`, also one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is EmptyAnswerError {
    return isBranded(value, brand);
  }
}
