import { propertyOf } from '../../machines/property-of.ts';
import { checkOptions, duration } from '../../machines/settings/option-rules.ts';
import { type FailoverEntry, isGuardedEntry, rejectEntry } from './failover-entry.ts';
import { guardModelCalls } from './model-middleware.ts';
import type { AnyEmbeddingModel, ModelCallParams } from './model-types.ts';
import { NamedEmbeddingModel } from './named-embedding-model.ts';

/**
 * Turns an entry into an embedding model whose calls pass its circuit.
 *
 * @throws TypeError if it is no entry; BreakerOptionsError for its `timeout`.
 */
export function toGuardedEmbeddingModel<Version extends string, Params extends ModelCallParams, Answer>(
  entry: FailoverEntry<AnyEmbeddingModel<Version, Params, Answer>>,
): AnyEmbeddingModel<string, Params, Answer> {
  if (typeof entry === 'string') return new NamedEmbeddingModel(entry);
  if (isEmbeddingModel(entry)) return entry;
  if (!isGuardedEntry(entry, isEmbeddingModel)) return rejectEntry('failoverEmbeddingModel', entry);
  const { breaker, timeout } = entry;
  checkOptions({ timeout }, { timeout: duration });
  const { wrapEmbed } = guardModelCalls(() => breaker, { timeout });
  const model =
    typeof entry.model === 'string' ? new NamedEmbeddingModel<Version, Params, Answer>(entry.model) : entry.model;
  return {
    get specificationVersion() {
      return model.specificationVersion;
    },
    get provider() {
      return model.provider;
    },
    modelId: model.modelId,
    get maxEmbeddingsPerCall() {
      return model.maxEmbeddingsPerCall;
    },
    get supportsParallelCalls() {
      return model.supportsParallelCalls;
    },
    doEmbed: (params) => wrapEmbed({ model, params }),
  };
}

function isEmbeddingModel<Model>(entry: FailoverEntry<Model>): entry is Model {
  return typeof propertyOf(entry, 'doEmbed') === 'function';
}
