export { type BreakerFetch, type BreakerFetchOptions, breakerFetch } from './fetch/breaker-fetch.ts';
export { type FailedResponseDetails, FailedResponseError } from './fetch/failed-response-error.ts';
export type { GuardOptions } from './fetch/guard-options.ts';
export type { ServerSentEvent } from './fetch/read-events.ts';
/** @deprecated The old name of `RequestBreaker`. */
export type { GuardedRequest, RequestBreaker, RequestBreaker as BreakerSource } from './fetch/request-breaker.ts';
