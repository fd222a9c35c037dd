import type { Breaker } from '../breaker/breaker.ts';
import { fieldOf, textOf } from '../llm/read-field.ts';
import { isTimeout } from '../platform/abort-watch.ts';
import { readableBodyOf, withBody } from './with-body.ts';

/** What the clients of OpenAI and of Anthropic, which are of one make, do not try again. */
const ending = ['x-should-retry', 'false'] as const;

/** A response like another one that also tells the client not to try again. */
export function withoutRetry(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(...ending);
  const body = readableBodyOf(response);
  // What has no body that can be handed on, such as the response of a polyfill, is told itself.
  if (body) return withBody(response, body, headers);
  try {
    response.headers.set(...ending);
  } catch {
    // One that cannot be told is tried again, and rejected then.
  }
  return response;
}

/**
 * A request that failed without a response, as one that the client does not try again: 504 where it took too long, else
 * 503, with `Retry-After` where the circuit is open, and `{ error: { message, type, code } }`.
 */
export function failureResponse(error: unknown, breaker: Breaker): Response {
  const isLate = isTimeout(error);
  const type = isLate ? 'TimeoutError' : 'connection_error';
  const code = textOf(error, 'code') ?? textOf(fieldOf(error, 'cause'), 'code') ?? null;
  const message = textOf(error, 'message') ?? 'The connection failed.';
  const headers = new Headers([['content-type', 'application/json'], [...ending]]);
  const { retryAfterMs } = breaker.metrics();
  if (retryAfterMs !== null) headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  const body = JSON.stringify({ type: 'error', error: { message, type, code } });
  return new Response(body, { status: isLate ? 504 : 503, headers });
}
