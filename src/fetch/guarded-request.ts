import { describeValue } from '../../machines/settings/describe-value.ts';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';
import { jsonIn } from '../llm/json-in-text.ts';
import { textOf } from '../llm/read-field.ts';

/** A request that is about to be made, as far as a breaker may be chosen by it. */
export interface GuardedRequest {
  readonly url: string;
  readonly method: string;
  /** The model that a JSON body names; undefined where it names none or is not a string. */
  readonly model: string | undefined;
}

/** The breaker of every request, or a function that chooses one for each; one for which it gives undefined is just made. */
export type BreakerSource = CircuitBreaker | ((request: GuardedRequest) => CircuitBreaker | undefined);

/** What there is to know of a request. */
export interface RequestFacts {
  readonly url: string;
  readonly method: string | undefined;
  readonly body: unknown;
}

/** The breaker of one request; undefined where there is none. */
export function breakerOf(
  source: BreakerSource,
  { url, method = 'GET', body }: RequestFacts,
): CircuitBreaker | undefined {
  if (typeof source !== 'function') return source;
  return source({
    url,
    method: method.toUpperCase(),
    // Only who asks for the model pays for it.
    get model() {
      return typeof body === 'string' ? textOf(jsonIn(body), 'model') : undefined;
    },
  });
}

/**
 * @throws TypeError if it is neither a breaker nor a function.
 */
export function assertBreakerSource(source: unknown): void {
  if (typeof source === 'function' || isBreaker(source)) return;
  throw new TypeError(`A CircuitBreaker or a function that returns one is needed, but was ${describeValue(source)}.`);
}
