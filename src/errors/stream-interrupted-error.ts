import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('StreamInterruptedError');

/**
 * The failure of a stream that ended without the item that marks its end (`isComplete`). It is never thrown: the
 * consumer's loop ends as the stream did. `onFailure` hears of it, and it can be the `cause` of a rejection.
 */
export class StreamInterruptedError extends BrandedError {
  override readonly name = 'StreamInterruptedError';
  readonly code = 'ERR_STREAM_INTERRUPTED';
  /** Name of the breaker. */
  readonly breaker: string;
  /** How many items had arrived. */
  readonly itemCount: number;

  /**
   * @param breaker - Name of the breaker.
   * @param itemCount - How many items had arrived.
   */
  constructor(breaker: string, itemCount: number) {
    super(
      `A stream through circuit "${breaker}" ended after ${itemCount} items without the one that marks its end.`,
      brand,
    );
    this.breaker = breaker;
    this.itemCount = itemCount;
  }

  /**
   * Tells whether `value` is a `StreamInterruptedError`, also one of another copy of this package.
   *
   * @param value - Anything that was reported.
   */
  static isInstance(value: unknown): value is StreamInterruptedError {
    return isBranded(value, brand);
  }
}
