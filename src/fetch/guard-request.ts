import { admitCall } from '../breaker/admit-call.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isShut } from '../breaker/is-shut.ts';
import type { CallHandle } from '../calls/call-handle.ts';
import { settleFailure } from '../calls/settle-failure.ts';
import { isBreakerRejection } from '../llm/breaker-rejection.ts';
import { classifyModelError } from '../llm/classify-model-error.ts';
import { orTrue } from '../platform/or-true.ts';
import { awaitHeaders } from './await-headers.ts';
import { failureResponse, withoutRetry } from './ending-response.ts';
import { FailedResponseError, messageIn } from './failed-response-error.ts';
import type { GuardOptions } from './guard-options.ts';
import { readErrorBody } from './read-error-body.ts';
import { type BodyWatchOptions, watchBody } from './watch-body.ts';
import { readableBodyOf, withBody } from './with-body.ts';

/** A request that a breaker may let through. */
export interface RequestCall {
  /** Undefined for a request that is just made. */
  readonly breaker: Breaker | undefined;
  /** The caller's own signal: tells an abort from everything else. */
  readonly callerSignal: AbortSignal | undefined;
  /** What aborts the request: the caller's signal, or one that the client has made of it and of its own timeout. */
  readonly signal: AbortSignal | undefined;
  readonly send: (signal: AbortSignal | undefined) => Promise<Response>;
  /**
   * Whether a request that failed without a response is answered like one that is not to be tried again, instead of being
   * thrown: that of a client which would try again what is thrown.
   */
  readonly answers?: ((error: unknown, isCircuitShut: boolean) => boolean) | undefined;
}

/**
 * Makes a request that a breaker lets through, and tells the breaker how it ends: by its error, its status or its body.
 *
 * @returns The response. One with a body to be watched is a copy of it, and so is a failed one that finds the circuit open
 *   after it was counted: it has the header `x-should-retry: false`.
 * @throws CircuitBreakerOpenError when the circuit rejects; CallTimeoutError; what `send` throws.
 */
export async function guardRequest(request: RequestCall, options: GuardOptions): Promise<Response> {
  const { breaker, callerSignal, signal, send } = request;
  if (!breaker) return send(signal);
  const call = admitCall(breaker, [callerSignal]);
  const { firstItemTimeout } = options;
  const sentAt = call.clock.now();
  try {
    const response = await awaitHeaders({ call, timeoutMs: firstItemTimeout, signal, send });
    const leftMs = firstItemTimeout && Math.max(1, firstItemTimeout - (call.clock.now() - sentAt));
    if (response.status >= 400) await judgeStatus(response, call, options);
    // A client that waits and tries again would find the circuit open, or be its trial.
    if (call.settled) return isShut(breaker) ? withoutRetry(response) : response;
    return watchResponse(response, call, request, { ...options, firstItemLeftMs: leftMs });
  } catch (error) {
    settleFailure(call, error, [callerSignal], isBreakerRejection);
    const isAnswered = !signal?.aborted && !isBreakerRejection(error) && request.answers?.(error, isShut(breaker));
    if (isAnswered) return failureResponse(error, breaker);
    throw error;
  }
}

async function judgeStatus(response: Response, call: CallHandle, options: GuardOptions): Promise<void> {
  const { isFailure = countsByDefault } = options;
  const { status, headers } = response;
  const said = await readErrorBody(response);
  const message = messageIn(said) ?? response.statusText;
  const body = typeof said === 'string' ? undefined : said;
  const error = new FailedResponseError({ status, headers, body, message: `${status} ${message}`.trim() });
  if (orTrue(() => isFailure(error))) call.fail(error);
  else call.ignore();
}

function countsByDefault(error: FailedResponseError): boolean {
  return classifyModelError(error).counts;
}

function watchResponse(
  response: Response,
  call: CallHandle,
  { callerSignal, signal }: RequestCall,
  options: BodyWatchOptions,
): Response {
  const body = readableBodyOf(response);
  if (!body) {
    call.succeed();
    return response;
  }
  const watched = watchBody({
    ...{ body, response, call, signal, options },
    onAbort: (hasBegun) => {
      if (callerSignal?.aborted) call.abort(callerSignal.reason);
      // The client has had enough.
      else if (hasBegun) call.succeed();
      else call.cancel();
    },
  });
  return withBody(response, watched);
}
