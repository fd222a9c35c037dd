import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { Permit } from '../calls/permit.ts';
import { CallTimeoutError } from '../errors/call-timeout-error.ts';
import { isBreakerRejection } from '../llm/breaker-rejection.ts';
import { classifyModelError } from '../llm/classify-model-error.ts';
import { isTimeout } from '../platform/abort-watch.ts';
import { systemClock } from '../platform/clock.ts';
import { awaitHeaders } from './await-headers.ts';
import { FailedResponseError, messageIn } from './failed-response-error.ts';
import type { GuardOptions } from './guard-options.ts';
import { orTrue } from './or-true.ts';
import { readErrorBody } from './read-error-body.ts';
import { watchBody } from './watch-body.ts';
import { readableBodyOf, withBody } from './with-body.ts';

/** A request that a breaker may let through. */
export interface RequestCall {
  /** Undefined for a request that is just made. */
  readonly breaker: CircuitBreaker | undefined;
  /** The caller's own signal: tells an abort from everything else. */
  readonly callerSignal: AbortSignal | undefined;
  /** What aborts the request: the caller's signal, or one that the client has made of it and of its own timeout. */
  readonly signal: AbortSignal | undefined;
  readonly send: (signal: AbortSignal | undefined) => Promise<Response>;
}

/**
 * Makes a request that a breaker lets through, and tells the breaker how it ends: by its error, its status or its body.
 *
 * @returns The response. One with a body to be watched is a copy of it.
 * @throws CircuitBreakerOpenError when the circuit rejects; CallTimeoutError; what `send` throws.
 */
export async function guardRequest(call: RequestCall, options: GuardOptions): Promise<Response> {
  const { breaker, callerSignal, signal, send } = call;
  if (!breaker) return send(signal);
  if (callerSignal?.aborted) throw callerSignal.reason;
  const permit = breaker.acquire();
  const { clock = systemClock, firstItemTimeout } = options;
  const { name } = breaker;
  const sentAt = clock.now();
  try {
    const response = await awaitHeaders({ name, clock, timeoutMs: firstItemTimeout, signal, send });
    const leftMs = firstItemTimeout && Math.max(1, firstItemTimeout - (clock.now() - sentAt));
    if (response.status >= 400) await judgeStatus(response, permit, options);
    if (permit.settled) return response;
    return watchResponse(response, permit, name, call, { ...options, firstItemTimeout: leftMs });
  } catch (error) {
    if (callerSignal?.aborted) settleAbort(permit, callerSignal);
    // Another breaker's rejection says nothing of this request.
    else if (isBreakerRejection(error)) permit.ignore();
    else permit.fail(error);
    throw error;
  }
}

async function judgeStatus(response: Response, permit: Permit, options: GuardOptions): Promise<void> {
  const { isFailure = countsByDefault, clock = systemClock } = options;
  const { status, headers } = response;
  const body = await readErrorBody(response, clock);
  const message = messageIn(body) ?? response.statusText;
  const error = new FailedResponseError({ status, headers, body, message: `${status} ${message}`.trim() });
  if (orTrue(() => isFailure(error))) permit.fail(error);
  else permit.ignore();
}

function countsByDefault(error: FailedResponseError): boolean {
  const { counts, kind } = classifyModelError(error);
  return Number(error.status) >= 500 || (counts && kind !== 'unknown');
}

function watchResponse(
  response: Response,
  permit: Permit,
  name: string,
  { callerSignal, signal }: RequestCall,
  options: GuardOptions,
): Response {
  const body = readableBodyOf(response);
  if (!body) {
    permit.succeed();
    return response;
  }
  const watched = watchBody({
    ...{ body, headers: response.headers, name, permit, signal, options },
    firstItemTimeout: options.firstItemTimeout,
    onAbort: (byteCount) => {
      if (callerSignal?.aborted) settleAbort(permit, callerSignal);
      // The client has had enough.
      else if (byteCount > 0) permit.succeed();
      else permit.cancel();
    },
  });
  return withBody(response, watched);
}

/** An abort is neutral, but a deadline says that the operation was too slow. */
function settleAbort(permit: Permit, { reason }: AbortSignal): void {
  if (isTimeout(reason) || CallTimeoutError.isInstance(reason)) permit.fail(reason);
  else permit.cancel();
}
