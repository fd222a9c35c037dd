export { type BreakerFetch, type BreakerFetchOptions, breakerFetch } from './fetch/breaker-fetch.ts';
export { type FailedResponseDetails, FailedResponseError } from './fetch/failed-response-error.ts';
export type { GuardOptions } from './fetch/guard-options.ts';
export type { ServerSentEvent } from './fetch/read-events.ts';
export type { BreakerSource, GuardedRequest, RequestBreaker } from './fetch/request-breaker.ts';
