import { aFunction, checkOptions, oneOf } from '../../machines/settings/option-rules.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { toBreakerOf } from '../breaker/breaker-choice.ts';
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
   * with `Retry-After` and `x-should-retry: false`, which the OpenAI client does not try again.
   * @default 'throw'
   */
  readonly onOpen?: 'throw' | 'response' | undefined;
}

/**
 * Makes a `fetch` with a circuit breaker in front of it, for every client that takes one. A request that is not let
 * through is not sent. Its outcome is known by its error, its status, or the end of its body: see `GuardOptions`.
 *
 * @param breaker - The breaker, or a function that chooses one for each request.
 * @param options - See `BreakerFetchOptions`.
 * @returns A function with the signature of `fetch`; responses and errors are those of `fetch`.
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
    },
    options,
  );
}

function answerFor(rejection: CircuitBreakerOpenError): Response {
  const response = rejection.toResponse();
  response.headers.set('x-should-retry', 'false');
  return response;
}
