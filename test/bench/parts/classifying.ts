import { classifyModelError } from 'agent-circuit-breaker/llm';
import type { Effort } from '../measuring/rounds.ts';
import { prepared } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

/** An error as a provider's client throws it. */
class ApiError extends Error {
  readonly status: number;
  readonly headers: Headers | undefined;
  readonly error: object | undefined;

  constructor(status: number, message: string, headers?: Record<string, string>, error?: object) {
    super(`${status} ${message}`);
    this.status = status;
    this.headers = headers && new Headers(headers);
    this.error = error;
  }
}

/** An error that says nothing but its status. */
export function measurePlainError(effort: Effort): Promise<Figures> {
  return measureClassifying(effort, () => new ApiError(500, 'status code (no body)'));
}

/** A rate limit with all that a provider says of it. */
export function measureRateLimit(effort: Effort): Promise<Figures> {
  const message = 'Rate limit reached for requests. Please try again in 20s.';
  const headers = {
    'content-type': 'application/json',
    'retry-after': '20',
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '20s',
    'x-request-id': 'req_1',
  };
  const body = { message, type: 'requests', param: null, code: 'rate_limit_exceeded' };
  return measureClassifying(effort, () => new ApiError(429, message, headers, body));
}

/** Every error is another one, as in life: remembering the last is no help. */
function measureClassifying(effort: Effort, toError: () => Error): Promise<Figures> {
  return beside(effort, { unit: 'ns', ours: prepared(toError, (error) => classifyModelError(error)) });
}
