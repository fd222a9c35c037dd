import { checkOptions } from '../../machines/settings/option-rules.ts';
import { switchRules } from '../options/check-call-options.ts';
import { type AskedModel, askAny, type ModelSwitchOptions } from './ask-any.ts';
import { toGuardedEmbeddingModel } from './embedding-entry.ts';
import { type FailoverEntry, type GuardedEntry, leadersOf } from './failover-entry.ts';
import type { AnyEmbeddingModel, ModelCallParams } from './model-types.ts';
import { flawOfVectors } from './vector-flaw.ts';
import { versionOf } from './version-of.ts';

/** Options of `failoverEmbeddingModel`. */
export interface FailoverEmbeddingModelOptions extends ModelSwitchOptions {}

/**
 * Makes one embedding model of several that are only named.
 *
 * @param models - At least one, in the order of preference: the same model with several providers.
 * @param options - See `FailoverEmbeddingModelOptions`.
 * @returns A model of the specification that the SDK's own have.
 * @throws TypeError if there is no model, or an entry is none; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'embeddings', ...modelCalls() });
 * const model = failoverEmbeddingModel([{ model: 'openai/text-embedding-3-small', breaker }]);
 * ```
 */
export function failoverEmbeddingModel(
  models: readonly (string | GuardedEntry<never>)[],
  options?: FailoverEmbeddingModelOptions,
): AnyEmbeddingModel<'v3', ModelCallParams, never>;
/**
 * Makes one embedding model of several, as `failoverModel` does of language models: it asks the first whose circuit admits
 * the call, and the next one if that fails with an error that another one may not share, or lacks vectors.
 *
 * They have to be the same model, of one size and with several providers: vectors of different models say nothing about
 * each other, and a store that holds both finds nonsense without an error.
 *
 * @param models - At least one, in the order of preference, all of one version of the specification. One without a
 *   circuit is always asked, and all its errors count.
 * @param options - See `FailoverEmbeddingModelOptions`.
 * @returns A model of the same specification with `provider` and `modelId` of the first. It takes as many values at once as
 *   all of them do.
 * @throws TypeError if there is no model, or an entry is none; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const model = failoverEmbeddingModel([
 *   { model: openai.embeddingModel('text-embedding-3-small'), breaker: createBreaker({ name: 'openai', ...modelCalls() }) },
 *   { model: azure.embeddingModel('text-embedding-3-small'), breaker: createBreaker({ name: 'azure', ...modelCalls() }) },
 * ]);
 * const { embedding } = await embed({ model, value: 'Hello', maxRetries: 0 });
 * ```
 */
export function failoverEmbeddingModel<Version extends string, Params extends ModelCallParams, Answer>(
  models: readonly FailoverEntry<AnyEmbeddingModel<Version, Params, Answer>>[],
  options?: FailoverEmbeddingModelOptions,
): AnyEmbeddingModel<Version, Params, Answer>;
export function failoverEmbeddingModel<Version extends string, Params extends ModelCallParams, Answer>(
  models: readonly FailoverEntry<AnyEmbeddingModel<Version, Params, Answer>>[],
  options: FailoverEmbeddingModelOptions = {},
): AnyEmbeddingModel<Version, Params, Answer> {
  checkOptions(options, switchRules);
  const guarded = models.map((entry) => toGuardedEmbeddingModel(entry));
  const { first, known } = leadersOf(guarded, models, 'failoverEmbeddingModel');
  return {
    get specificationVersion() {
      return versionOf<Version>(known);
    },
    get provider() {
      return first.provider;
    },
    modelId: first.modelId,
    get maxEmbeddingsPerCall() {
      return Promise.all(guarded.map(({ maxEmbeddingsPerCall }) => maxEmbeddingsPerCall)).then(lowest);
    },
    get supportsParallelCalls() {
      return Promise.all(guarded.map(({ supportsParallelCalls }) => supportsParallelCalls)).then((each) =>
        each.every(Boolean),
      );
    },
    doEmbed: (params) => askAny({ models: guarded, first: 0 }, params, embed, options),
  };
}

/** Asks a model for vectors; an answer that lacks some is a failure where there is another model. */
async function embed<Params extends ModelCallParams, Answer>(
  asked: AskedModel<{ doEmbed(params: Params): PromiseLike<Answer> }, Params>,
): Promise<Answer> {
  const answer = await asked.model.doEmbed(asked.params);
  const flaw = flawOfVectors(asked.params, answer, asked.name);
  if (flaw && asked.goesOnAfter(flaw.error)) throw flaw.error;
  return answer;
}

/** Undefined where none of them has a limit. */
function lowest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
