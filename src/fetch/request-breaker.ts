import type { Breaker } from '../breaker/breaker.ts';
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
export type RequestBreaker = Breaker | ((request: GuardedRequest) => Breaker | undefined);

/** @deprecated The old name of `RequestBreaker`. */
export type BreakerSource = RequestBreaker;

/** What there is to know of a request. */
export interface RequestFacts {
  readonly url: string;
  readonly method: string | undefined;
  readonly body: unknown;
}

/** The request as a breaker is chosen by it. */
export function toGuardedRequest({ url, method = 'GET', body }: RequestFacts): GuardedRequest {
  return {
    url,
    method: method.toUpperCase(),
    // Only who asks for the model pays for it.
    get model() {
      return typeof body === 'string' ? textOf(jsonIn(body), 'model') : undefined;
    },
  };
}
