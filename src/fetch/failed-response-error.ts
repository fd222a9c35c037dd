import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';
import { entriesOf, fieldOf, textOf } from '../llm/read-field.ts';

const brand = brandOf('FailedResponseError');

/** What a `FailedResponseError` is made of. */
export interface FailedResponseDetails {
  /** The HTTP status; undefined for an error inside a response that began with success. */
  readonly status: number | undefined;
  /** The headers of the response. */
  readonly headers: Headers;
  /** The parsed JSON of the body, or of the event of a stream, that tells the error; undefined where it tells none. */
  readonly body: unknown;
  /** What it says in words. */
  readonly message: string;
}

/**
 * The failure of a response that arrived: by its status, or by an error inside it. It is never thrown: the caller gets the
 * response as it is. The breaker judges it, `onFailure` hears of it, and it can be the `cause` of a rejection.
 *
 * @example
 * ```ts
 * breaker.on('failure', (error) => {
 *   if (FailedResponseError.isInstance(error)) console.log(error.status, error.body);
 * });
 * ```
 */
export class FailedResponseError extends BrandedError {
  override readonly name = 'FailedResponseError';
  readonly code = 'ERR_FAILED_RESPONSE';
  /** The HTTP status; undefined for an error inside a response that began with success. */
  readonly status: number | undefined;
  /** The headers of the response. */
  readonly headers: Headers;
  /** The parsed JSON of the body, or of the event of a stream, that tells the error; undefined where it tells none. */
  readonly body: unknown;

  /** @param details - Status, headers, body and message. */
  constructor({ status, headers, body, message }: FailedResponseDetails) {
    super(message, brand);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Tells whether `value` is a `FailedResponseError`, also one of another copy of this package.
   *
   * @param value - Anything that was reported.
   */
  static isInstance(value: unknown): value is FailedResponseError {
    return isBranded(value, brand);
  }
}

/** The failure of a response that began with success. */
export function toTold(body: unknown, headers: Headers): FailedResponseError {
  const message = messageIn(body) ?? 'The response told an error.';
  return new FailedResponseError({ status: undefined, headers, body, message });
}

/** What the body of an error says in words, as the vendors write it. */
export function messageIn(body: unknown): string | undefined {
  const [first = body] = entriesOf(body, 1);
  if (typeof first === 'string') return first;
  const error = fieldOf(first, 'error');
  const places = [
    ...[textOf(error, 'message'), textOf(first, 'message'), error, textOf(error, 'error_msg')],
    ...[textOf(fieldOf(first, 'detail'), 'message'), fieldOf(first, 'detail')],
  ];
  return places.find((place) => typeof place === 'string');
}
