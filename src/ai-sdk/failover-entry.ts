import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { checkOptions, duration } from '../../machines/settings/option-rules.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';
import { guardModelCalls } from './model-middleware.ts';
import type { AnyLanguageModel, ModelCallParams, ModelStreamResult, StreamLimits } from './model-types.ts';
import { NamedModel } from './named-model.ts';

/** A model with the breaker that its calls are to pass. */
export interface GuardedEntry<Model> {
  /** The model, or its name, such as `openai/gpt-5`: see `FailoverEntry`. */
  readonly model: Model | string;
  readonly breaker: Breaker;
  /**
   * Deadline of an answer of this model, in milliseconds from 1 to 2147483647; of a stream, that of its first content where
   * no `firstItemTimeout` is given.
   * @default the `timeout` of the breaker; none for streams
   */
  readonly timeout?: number | undefined;
}

/**
 * A model that is wrapped by `modelMiddleware`, or one with the breaker that its calls are to pass. A name is that of a model
 * of `AI_SDK_DEFAULT_PROVIDER` where that is set, else of the SDK's gateway, as for `generateText`.
 */
export type FailoverEntry<Model> = Model | string | GuardedEntry<Model>;

/**
 * Turns an entry into a model whose calls pass its circuit.
 *
 * @param limits - Those of an entry with a breaker; a wrapped model has its own.
 * @throws TypeError if it is no entry; BreakerOptionsError for its `timeout`.
 */
export function toGuardedModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
>(
  entry: FailoverEntry<AnyLanguageModel<Version, Params, Answer, Streamed>>,
  limits: StreamLimits,
): AnyLanguageModel<string, Params, Answer, Streamed> {
  if (typeof entry === 'string') return new NamedModel(entry);
  if (isModel(entry)) return entry;
  if (!isGuardedEntry(entry, isModel)) return rejectEntry('failoverModel', entry);
  const { breaker, timeout } = entry;
  const { firstItemTimeout = timeout, idleTimeout } = limits;
  checkOptions({ timeout }, { timeout: duration });
  const { wrapGenerate, wrapStream } = guardModelCalls(() => breaker, { timeout, firstItemTimeout, idleTimeout });
  const model =
    typeof entry.model === 'string' ? new NamedModel<Version, Params, Answer, Streamed>(entry.model) : entry.model;
  return {
    get specificationVersion() {
      return model.specificationVersion;
    },
    get provider() {
      return model.provider;
    },
    modelId: model.modelId,
    get supportedUrls() {
      return model.supportedUrls;
    },
    doGenerate: (params) => wrapGenerate({ model, params }),
    doStream: (params) => wrapStream({ model, params }),
  };
}

/** Tells whether an entry says of its model no more than a name. */
function isNamed(entry: unknown): boolean {
  return typeof entry === 'string' || typeof propertyOf(entry, 'model') === 'string';
}

/**
 * The first of the models, and the first whose version is known: of one that is only named, it is known late.
 *
 * @throws TypeError that names who asks, where there is none.
 */
export function leadersOf<Model>(
  models: readonly Model[],
  entries: readonly unknown[],
  asker: string,
): { readonly first: Model; readonly known: Model } {
  const [first] = models;
  if (first === undefined) throw new TypeError(`${asker} wants at least one model, but was given none.`);
  return { first, known: models.find((_model, index) => !isNamed(entries[index])) ?? first };
}

/**
 * Tells whether an entry is a model, or the name of one, with a breaker.
 *
 * @param isModel - Tells what a model of the kind in question is.
 */
export function isGuardedEntry<Model>(
  entry: FailoverEntry<Model>,
  isModel: (model: Model | string) => boolean,
): entry is GuardedEntry<Model> {
  if (typeof entry !== 'object' || entry === null || !('breaker' in entry && 'model' in entry)) return false;
  return isBreaker(entry.breaker) && (typeof entry.model === 'string' || isModel(entry.model));
}

/** @throws TypeError that says what an entry is. */
export function rejectEntry(asker: string, entry: unknown): never {
  const wanted = 'models, or objects with model and breaker, or names of models';
  throw new TypeError(`${asker} wants ${wanted}, but was given ${describeValue(entry)}.`);
}

/** An image model answers, too, but has no streams. */
function isModel<Model>(entry: FailoverEntry<Model>): entry is Model {
  return ['doGenerate', 'doStream'].every((name) => typeof propertyOf(entry, name) === 'function');
}
