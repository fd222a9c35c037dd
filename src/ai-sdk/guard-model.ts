import { propertyOf } from '../../machines/property-of.ts';
import type { ModelMiddleware } from './model-middleware.ts';
import type { ModelCallParams, ModelIdentity, ModelStreamResult } from './model-types.ts';

/** The middleware for the calls of models of every kind. */
export interface ModelGuard {
  readonly ofLanguageModels: ModelMiddleware;
  /** Without limits of streams: what others stream waits for what their user streams to them. */
  readonly ofOtherModels: ModelMiddleware;
}

/** What the models of all kinds are asked for that come as a whole. */
const answering = new Set<PropertyKey>([
  ...['doGenerate', 'doEmbed', 'doRerank', 'doDecide', 'doEvaluate', 'doExtract'],
  // A video that is made meanwhile, and how far it is.
  ...['doStart', 'doStatus'],
]);

/** Tells whether something is a model of the SDK, of whichever kind. */
export function isModel(value: unknown): value is ModelIdentity {
  return typeof propertyOf(value, 'provider') === 'string' && typeof propertyOf(value, 'modelId') === 'string';
}

/**
 * The same model, of whichever kind, whose calls pass a circuit. A call that is of no known kind throws a TypeError.
 * Everything else about it is as it was, what the SDK has put on it included.
 */
export function guardModel<Model extends ModelIdentity>(model: Model, guard: ModelGuard): Model {
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      // Optional, and it may ask nobody: without it, the SDK loads the audio and asks for an answer.
      if (name === 'doGenerateFromUrl') return undefined;
      if (typeof value !== 'function' || !/^do[A-Z]/.test(String(name))) return value;
      const ask = (...values: readonly unknown[]) => Reflect.apply(value, target, values);
      if (answering.has(name)) return answerThrough(target, ask, guard);
      if (name === 'doStream') return streamThrough(target, ask, guard);
      return refuse(`${String(name)} of the model "${target.modelId}"`);
    },
  });
}

/**
 * A function that says that it cannot be guarded.
 *
 * @param what - For the error.
 */
export function refuse(what: string): () => never {
  return () => {
    const advice = 'Ask the provider itself for it; what it sends can be guarded by breakerFetch.';
    throw new TypeError(`guardProvider cannot guard ${what}. ${advice}`);
  };
}

function answerThrough(
  model: ModelIdentity,
  ask: (params: ModelCallParams) => PromiseLike<unknown>,
  guard: ModelGuard,
) {
  const { provider, modelId } = model;
  return (params: ModelCallParams = {}): Promise<unknown> =>
    guard.ofOtherModels.wrapGenerate({ model: { provider, modelId, doGenerate: ask }, params });
}

function streamThrough(
  model: ModelIdentity,
  ask: (params: ModelCallParams) => PromiseLike<ModelStreamResult>,
  guard: ModelGuard,
) {
  const { provider, modelId } = model;
  const { wrapStream } = 'supportedUrls' in model ? guard.ofLanguageModels : guard.ofOtherModels;
  return (params: ModelCallParams = {}): Promise<ModelStreamResult> =>
    wrapStream({ model: { provider, modelId, doStream: ask }, params });
}
