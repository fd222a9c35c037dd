import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('AnswerFailedError');

/**
 * The failure of an answer that says by its finish reason that the model ended with an error, and not with which one.
 * It is never thrown: the answer reaches its consumer as it is. `onFailure` hears of it, and it can be the `cause` of a
 * rejection.
 *
 * @example
 * ```ts
 * breaker.on('failure', (error) => {
 *   if (AnswerFailedError.isInstance(error)) console.log(`${error.breaker} gave up in the middle of an answer`);
 * });
 * ```
 */
export class AnswerFailedError extends BrandedError {
  override readonly name = 'AnswerFailedError';
  readonly code = 'ERR_ANSWER_FAILED';
  /** Name of the breaker. */
  readonly breaker: string;

  /** @param breaker - Name of the breaker. */
  constructor(breaker: string) {
    super(`An answer through circuit "${breaker}" ended with the finish reason "error".`, brand);
    this.breaker = breaker;
  }

  /**
   * Tells whether `value` is an `AnswerFailedError`, also one of another copy of this package.
   *
   * @param value - Anything that was reported.
   */
  static isInstance(value: unknown): value is AnswerFailedError {
    return isBranded(value, brand);
  }
}
