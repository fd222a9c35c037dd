import type { Middleware } from '@anthropic-ai/sdk';
import { toBreakerOf } from '../breaker/breaker-choice.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { checkGuardOptions, type GuardOptions } from '../fetch/guard-options.ts';
import { guardRequest } from '../fetch/guard-request.ts';
import { type RequestBreaker, toGuardedRequest } from '../fetch/request-breaker.ts';

/**
 * Puts a circuit breaker in front of every HTTP request of an Anthropic client, retries included: an element of its
 * option `middleware`. The caller of a request that is not let through gets the CircuitBreakerOpenError itself, at once.
 *
 * An answer that finds the circuit open after it was counted ends the call: the client does not wait and try again.
 *
 * The `cause` of a rejection is left out: the client would look into it, and try again what it takes for a failed connection.
 *
 * @param breaker - The breaker, or a function that chooses one for each request.
 * @param options - See `GuardOptions`.
 * @throws BreakerOptionsError; TypeError if `breaker` is neither a breaker nor a function.
 *
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'anthropic', ...modelCalls() });
 * const client = new Anthropic({ apiKey, middleware: [anthropicBreaker(breaker, { idleTimeout: 30_000 })] });
 * ```
 */
export function anthropicBreaker(breaker: RequestBreaker, options: GuardOptions = {}): Middleware {
  const breakerOf = toBreakerOf(breaker, { asker: 'anthropicBreaker' });
  checkGuardOptions(options);
  return async (request, next, context) => {
    // A request for credentials, which says nothing of the API.
    if (context.options === undefined) return next(request);
    const { url, method, body } = request;
    const signal = request.signal ?? undefined;
    try {
      return await guardRequest(
        {
          breaker: breakerOf(toGuardedRequest({ url, method, body })),
          // The signal of the request is aborted by the client's own timeout, too.
          callerSignal: context.options.signal ?? undefined,
          signal,
          send: (own) => next(own === signal ? request : { ...request, ...(own && { signal: own }) }),
        },
        options,
      );
    } catch (error) {
      throw CircuitBreakerOpenError.isInstance(error) ? withoutCause(error) : error;
    }
  };
}

function withoutCause({ breaker, reason, retryAfterMs }: CircuitBreakerOpenError): CircuitBreakerOpenError {
  return new CircuitBreakerOpenError({ breaker, reason, retryAfterMs });
}
