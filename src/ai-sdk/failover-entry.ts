import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';
import { modelMiddleware } from './model-middleware.ts';
import type { AnyLanguageModel, ModelCallParams, ModelStreamResult, StreamLimits } from './model-types.ts';

/** A model that is wrapped by `modelMiddleware`, or one with the breaker that its calls are to pass. */
export type FailoverEntry<Model> = Model | { readonly model: Model; readonly breaker: Breaker };

/**
 * Turns an entry into a model whose calls pass its circuit.
 *
 * @param limits - Those of an entry with a breaker; a wrapped model has its own.
 * @throws TypeError if it is no entry.
 */
export function toGuardedModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
>(
  entry: FailoverEntry<AnyLanguageModel<Version, Params, Answer, Streamed>>,
  limits: StreamLimits,
): AnyLanguageModel<Version, Params, Answer, Streamed> {
  if (isModel(entry)) return entry;
  if (!isPair(entry)) {
    const wanted = 'models, or objects with model and breaker';
    throw new TypeError(`failoverModel wants ${wanted}, but was given ${describeValue(entry)}.`);
  }
  const { model, breaker } = entry;
  const { wrapGenerate, wrapStream } = modelMiddleware(breaker, limits);
  const { specificationVersion, provider, modelId } = model;
  return {
    ...{ specificationVersion, provider, modelId },
    get supportedUrls() {
      return model.supportedUrls;
    },
    doGenerate: (params) => wrapGenerate({ model, params }),
    doStream: (params) => wrapStream({ model, params }),
  };
}

function isModel<Model>(entry: FailoverEntry<Model>): entry is Model {
  return typeof propertyOf(entry, 'doGenerate') === 'function';
}

function isPair<Model>(entry: FailoverEntry<Model>): entry is { readonly model: Model; readonly breaker: Breaker } {
  return isBreaker(propertyOf(entry, 'breaker')) && isModel(propertyOf(entry, 'model'));
}
