import { aFunction, checkOptions, oneOf } from '../../machines/settings/option-rules.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { toBreakerOf } from '../breaker/breaker-choice.ts';
import { CallTimeoutError } from '../errors/call-timeout-error.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { type GuardOptions, guardRules } from './guard-options.ts';
import { guardRequest } from './guard-request.ts';
import { type GuardedRequest, type RequestBreaker, toGuardedRequest } from './request-breaker.ts';

/** A function like `fetch`. */
export type BreakerFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Options of `breakerFetch`. */
export interface BreakerFetchOptions extends GuardOptions {
  /**
   * Makes the requests.
   * @default the global fetch, as it is when a request is made
   */
  readonly fetch?: BreakerFetch | undefined;
  /**
   * What a request comes to that the circuit rejects: `'throw'` throws CircuitBreakerOpenError; `'response'` answers 503
   * with `Retry-After` and `x-should-retry: false`, which the OpenAI client does not try again. It answers so, too, where
   * there is no response: 503 for a failed connection that opens the circuit, 504 for a deadline.
   * @default 'throw'
   */
  readonly onOpen?: 'throw' | 'response' | undefined;
}

/**
 * Makes a `fetch` with a circuit breaker in front of it, for every client that takes one. A request that is not let
 * through is not sent. Its outcome is known by its error, its status, or the end of its body: see `GuardOptions`.
 * A failed response that finds the circuit open after it was counted has the header `x-should-retry: false`, so that the
 * clients of OpenAI do not wait and try again.
 *
 * @param breaker - The breaker, or a function that chooses one for each request.
 * @param options - See `BreakerFetchOptions`.
 * @returns A function with the signature of `fetch`; responses and errors are those of `fetch`, but for `onOpen`.
 * @throws BreakerOptionsError; TypeError if `breaker` is neither a breaker nor a function.
 *
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'openai', ...modelCalls() });
 * const client = new OpenAI({ apiKey, fetch: breakerFetch(breaker, { onOpen: 'response', idleTimeout: 30_000 }) });
 * ```
 */
export function breakerFetch(breaker: RequestBreaker, options: BreakerFetchOptions = {}): BreakerFetch {
  const breakerOf = toBreakerOf(breaker, { asker: 'breakerFetch' });
  checkOptions(options, { ...guardRules, fetch: aFunction, onOpen: oneOf('throw', 'response') });
  const { onOpen = 'throw' } = options;
  return async (input, init) => {
    try {
      return await request(breakerOf, options, input, init);
    } catch (error) {
      if (onOpen === 'response' && CircuitBreakerOpenError.isInstance(error)) return answerFor(error);
      throw error;
    }
  };
}

async function request(
  breakerOf: (request: GuardedRequest) => Breaker | undefined,
  options: BreakerFetchOptions,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Promise<Response> {
  const asked = typeof input === 'object' && 'url' in input ? input : undefined;
  const signal = init?.signal ?? asked?.signal ?? undefined;
  const fetch = options.fetch ?? globalThis.fetch;
  const url = asked?.url ?? String(input);
  return guardRequest(
    {
      breaker: breakerOf(toGuardedRequest({ url, method: init?.method ?? asked?.method, body: init?.body })),
      callerSignal: signal,
      signal,
      // Where nothing aborts but what did before, fetch gets what it was called with.
      send: (own) => fetch(input, own === signal ? init : { ...init, ...(own && { signal: own }) }),
      answers:
        options.onOpen === 'response' ? (error, isCircuitShut) => isCircuitShut || isOwnDeadline(error) : undefined,
    },
    options,
  );
}

/** A deadline is longer than anybody who has set it wants to wait; the client would make it three times as long. */
function isOwnDeadline(error: unknown): boolean {
  return CallTimeoutError.isInstance(error);
}

function answerFor(rejection: CircuitBreakerOpenError): Response {
  const response = rejection.toResponse();
  response.headers.set('x-should-retry', 'false');
  return response;
}
