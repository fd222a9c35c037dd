import type { Breaker } from '../breaker/breaker.ts';
import { type BreakersByKey, toBreakerOf } from '../breaker/breaker-choice.ts';
import type { ModelIdentity } from './model-types.ts';

/**
 * Whose circuit the calls of a model pass: one breaker, one of a registry (its key is `provider/modelId`), or what a
 * function says, which is asked for each call.
 */
export type ModelBreaker = Breaker | BreakersByKey | ((model: ModelIdentity) => Breaker);

/** @deprecated The old name of `ModelBreaker`. */
export type BreakerChoice = ModelBreaker;

/**
 * Turns a choice into the function that makes it.
 *
 * @param asker - The function that was given the choice, for errors.
 * @throws TypeError if it is none; the function throws one if what it was given returns no breaker.
 */
export function toBreakerOfModel(choice: ModelBreaker, asker: string): (model: ModelIdentity) => Breaker {
  return toBreakerOf<ModelIdentity>(choice, {
    asker,
    keyOf: ({ provider, modelId }) => `${provider}/${modelId}`,
    isNeeded: true,
  });
}
