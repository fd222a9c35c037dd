import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('PermitNotSettledError');

/**
 * The failure that is recorded when a permit is disposed before it was settled: something threw between
 * `acquire()` and `succeed()`. It is never thrown; `onFailure` hears of it and it can be the `cause` of a rejection.
 */
export class PermitNotSettledError extends BrandedError {
  override readonly name = 'PermitNotSettledError';
  readonly code = 'ERR_PERMIT_NOT_SETTLED';
  /** Name of the breaker. */
  readonly breaker: string;

  /** @param breaker - Name of the breaker. */
  constructor(breaker: string) {
    super(
      `A permit of circuit "${breaker}" was disposed before it was settled, so it counts as a failure. ` +
        'Call succeed(), fail(), ignore() or cancel() first.',
      brand,
    );
    this.breaker = breaker;
  }

  /**
   * Tells whether `value` is a `PermitNotSettledError`, also one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is PermitNotSettledError {
    return isBranded(value, brand);
  }
}
