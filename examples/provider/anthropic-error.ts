import type { Failure } from './dialect.ts';

interface AnthropicErrorWords {
  readonly type: string;
  readonly message: string;
}

const wordsByStatus: ReadonlyMap<number, AnthropicErrorWords> = new Map([
  [401, { type: 'authentication_error', message: 'invalid x-api-key' }],
  [402, { type: 'billing_error', message: 'Your account has a billing problem.' }],
  [403, { type: 'permission_error', message: 'Your API key may not use this resource.' }],
  [404, { type: 'not_found_error', message: 'The requested resource was not found.' }],
  [409, { type: 'conflict_error', message: 'The request conflicts with another one.' }],
  [413, { type: 'request_too_large', message: 'Request exceeds the maximum size.' }],
  [429, { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' }],
  [504, { type: 'timeout_error', message: 'The request took too long.' }],
  [529, { type: 'overloaded_error', message: 'Overloaded' }],
]);

/** Makes the body of an Anthropic error; what is left out follows from the status. */
export function toAnthropicError(failure: Failure, requestId: string): object {
  const usual = wordsByStatus.get(failure.status) ?? wordsOfClass(failure.status);
  return {
    type: 'error',
    error: {
      type: failure.type ?? usual.type,
      message: failure.message ?? usual.message,
      ...(failure.code == null ? {} : { details: { error_code: failure.code } }),
    },
    request_id: requestId,
  };
}

function wordsOfClass(status: number): AnthropicErrorWords {
  return status >= 500
    ? { type: 'api_error', message: 'Internal server error' }
    : { type: 'invalid_request_error', message: 'Invalid request.' };
}
