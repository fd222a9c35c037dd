import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('AnswerFailedError');

/**
 * The failure of an answer that says, by its finish reason or in its body, that the model ended with an error.
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

  /**
   * @param breaker - Name of the breaker.
   * @param cause - What the answer tells of its failure, where it does.
   */
  constructor(breaker: string, cause?: unknown) {
    const message = `An answer through circuit "${breaker}" ended with an error.`;
    if (cause === undefined) super(message, brand);
    else super(message, brand, { cause });
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
