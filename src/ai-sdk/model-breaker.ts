import { describeValue } from '../../machines/settings/describe-value.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { type BreakersByKey, toBreakerOf } from '../breaker/breaker-choice.ts';
import type { ModelIdentity } from './model-types.ts';

/**
 * Whose circuit the calls of a model pass: one breaker, one of a registry (its key is `provider/modelId`), or what a
 * function says, which is asked for each call.
 */
export type ModelBreaker = Breaker | BreakersByKey | ((model: ModelIdentity) => Breaker);

/**
 * Turns a choice into the function that makes it.
 *
 * @throws TypeError if it is none; the function throws one if what it was given returns no breaker.
 */
export function toBreakerOfModel(choice: ModelBreaker): (model: ModelIdentity) => Breaker {
  const asker = 'modelMiddleware';
  const breakerOf = toBreakerOf<ModelIdentity>(choice, {
    asker,
    keyOf: ({ provider, modelId }) => `${provider}/${modelId}`,
  });
  return (model) => {
    const breaker = breakerOf(model);
    if (breaker) return breaker;
    throw new TypeError(`${asker} wants a function that returns a breaker, but it returned ${describeValue(breaker)}.`);
  };
}
