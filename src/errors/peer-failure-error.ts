import type { FailureReason } from '../../machines/failure-reason.ts';
import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('PeerFailureError');

/**
 * Why other processes of a fleet have opened the circuit: the `cause` of rejections in this one. The failure itself stays
 * where it happened; only its name, kind and status travel.
 */
export class PeerFailureError extends BrandedError {
  override readonly name = 'PeerFailureError';
  readonly code = 'ERR_PEER_FAILURE';
  /** Name of the breaker. */
  readonly breaker: string;
  /** The failure that opened the circuit elsewhere; null where none did, as when it was opened by hand. */
  readonly reason: FailureReason | null;

  /**
   * @param breaker - Name of the breaker.
   * @param reason - What is known of the failure.
   */
  constructor(breaker: string, reason: FailureReason | null) {
    super(`Circuit "${breaker}" was opened by other processes of its fleet${inWords(reason)}.`, brand);
    this.breaker = breaker;
    this.reason = reason;
  }

  /**
   * Tells whether `value` is a `PeerFailureError`, also one of another copy of this package.
   *
   * @param value - The cause of a rejection.
   */
  static isInstance(value: unknown): value is PeerFailureError {
    return isBranded(value, brand);
  }
}

function inWords(reason: FailureReason | null): string {
  if (reason === null) return '';
  const { name, kind, status } = reason;
  const details = [kind, status].filter((detail) => detail !== null);
  return ` after ${name}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}
