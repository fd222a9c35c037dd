export { anthropicBreaker } from './anthropic/anthropic-breaker.ts';
export { type FailedResponseDetails, FailedResponseError } from './fetch/failed-response-error.ts';
export type { GuardOptions } from './fetch/guard-options.ts';
export type { BreakerSource, GuardedRequest } from './fetch/guarded-request.ts';
export type { ServerSentEvent } from './fetch/read-events.ts';
