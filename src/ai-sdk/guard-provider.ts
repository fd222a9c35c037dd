import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { checkOptions } from '../../machines/settings/option-rules.ts';
import { streamLimitRules } from '../options/check-call-options.ts';
import { guardModel, isModel, type ModelGuard, refuse } from './guard-model.ts';
import { type ModelBreaker, toBreakerOfModel } from './model-breaker.ts';
import { guardModelCalls } from './model-middleware.ts';
import type { ModelIdentity, StreamLimits } from './model-types.ts';

/** Options of `guardProvider`: limits for what its language models stream. */
export interface GuardProviderOptions extends StreamLimits {}

/** A provider of the AI SDK, whatever version of its specification; a registry of providers is one, too. */
export interface AnyProvider {
  languageModel(modelId: never): ModelIdentity;
}

/**
 * Puts a circuit in front of all models of a provider of the AI SDK: language, embedding, image, speech, transcription,
 * reranking, video and whatever other kinds it has. It is used like the provider itself. Each model counts, rejects and
 * ends as it does with `modelMiddleware`; of `ai`'s own `wrapProvider` all but language and image models come unguarded.
 *
 * What cannot be guarded throws a TypeError when it is used: files, skills, batches, realtime sessions and kinds of calls
 * that are not known here. What asks no model, such as a list of models, passes. `transcribe` loads audio from URLs itself.
 *
 * @param provider - Such as `createOpenAI()`, `customProvider({ ... })` or `createProviderRegistry({ ... })`.
 * @param choice - A breaker for all its models; a registry, which has one for each `provider/modelId`; or a function of
 *   the model.
 * @param options - Limits of what language models stream, in milliseconds. The breaker's own `timeout` is the deadline of an
 *   answer that is not streamed; its `fallback` plays no part.
 * @returns The provider with guarded models. The one that was given stays as it is.
 * @throws TypeError if it is no provider, or for another choice; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const openai = guardProvider(createOpenAI(), createBreaker({ name: 'openai', ...modelCalls() }));
 * const { text } = await generateText({ model: openai('gpt-5'), prompt: 'Hello' });
 * const { embedding } = await embed({ model: openai.embeddingModel('text-embedding-3-small'), value: 'Hello' });
 * ```
 */
export function guardProvider<Provider extends AnyProvider>(
  provider: Provider,
  choice: ModelBreaker,
  options: GuardProviderOptions = {},
): Provider {
  if (!isProvider(provider))
    throw new TypeError(`guardProvider wants a provider of the AI SDK, but was given ${describeValue(provider)}.`);
  const breakerOf = toBreakerOfModel(choice, 'guardProvider');
  checkOptions(options, streamLimitRules);
  const guard = {
    ofLanguageModels: guardModelCalls(breakerOf, { ...options }),
    ofOtherModels: guardModelCalls(breakerOf, {}),
  };
  return guardMember(provider, undefined, guard);
}

/**
 * A provider or a function of one: what it makes is guarded, however deep in it the makers are.
 *
 * @param owner - Whose member it is.
 */
function guardMember<Member extends object>(member: Member, owner: object | undefined, guard: ModelGuard): Member {
  return new Proxy(member, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return name === 'constructor' || name === 'prototype' ? value : guardWhatItIs(value, target, guard);
    },
    apply: (target, _self, values) =>
      typeof target === 'function' ? guardWhatItIs(Reflect.apply(target, owner, values), undefined, guard) : undefined,
  });
}

function guardWhatItIs(value: unknown, owner: object | undefined, guard: ModelGuard): unknown {
  if (typeof value === 'function') return guardMember(value, owner, guard);
  if (isModel(value)) return guardModel(value, guard);
  if (isService(value)) return guardService(value);
  // Makers may lie deeper in it; what it has made is no longer a part of it.
  return owner && typeof value === 'object' && value !== null ? guardMember(value, undefined, guard) : value;
}

/** Files, skills, batches: they are used, but are no models. */
function guardService(service: Service): Service {
  return new Proxy(service, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? refuse(`${String(name)} of "${target.provider}"`) : value;
    },
  });
}

interface Service {
  readonly provider: string;
}

function isService(value: unknown): value is Service {
  return (
    typeof propertyOf(value, 'provider') === 'string' && typeof propertyOf(value, 'specificationVersion') === 'string'
  );
}

function isProvider(value: unknown): boolean {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && typeof Reflect.get(value, 'languageModel') === 'function';
}
