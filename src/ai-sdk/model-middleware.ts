import { checkOptions } from '../../machines/settings/option-rules.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isShut } from '../breaker/is-shut.ts';
import { streamLimitRules } from '../options/check-call-options.ts';
import { Attempt } from './attempt.ts';
import { endingError } from './ending-error.ts';
import { guardAnswer } from './guard-answer.ts';
import { guardStream } from './guard-stream.ts';
import { type ModelBreaker, toBreakerOfModel } from './model-breaker.ts';
import type { ModelCallParams, ModelIdentity, ModelStreamResult, StreamLimits } from './model-types.ts';

/** Options of `modelMiddleware`. */
export interface ModelMiddlewareOptions extends StreamLimits {}

/** A call for a whole answer, as `wrapLanguageModel` and `wrapImageModel` hand it to a middleware. */
export interface GenerateCall<Params, Answer> {
  readonly params: Params;
  readonly model: ModelIdentity & { doGenerate(params: Params): PromiseLike<Answer> };
}

/** A call for vectors, as `wrapEmbeddingModel` hands it to a middleware. */
export interface EmbedCall<Params, Answer> {
  readonly params: Params;
  readonly model: ModelIdentity & { doEmbed(params: Params): PromiseLike<Answer> };
}

/** A call for a stream, as `wrapLanguageModel` hands it to a middleware. */
export interface StreamCall<Params, Streamed> {
  readonly params: Params;
  readonly model: ModelIdentity & { doStream(params: Params): PromiseLike<Streamed> };
}

/**
 * A middleware for language, image and embedding models. It is one for version 3 of their specification (`ai` 6) and for
 * version 4 (`ai` 7), whose `wrapLanguageModel`, `wrapImageModel` and `wrapEmbeddingModel` take both. Where a type insists on version 4, write
 * `{ ...middleware, specificationVersion: 'v4' }`.
 */
export interface ModelMiddleware {
  readonly specificationVersion: 'v3';
  readonly wrapGenerate: <Params extends ModelCallParams, Answer>(
    call: GenerateCall<Params, Answer>,
  ) => Promise<Answer>;
  readonly wrapEmbed: <Params extends ModelCallParams, Answer>(call: EmbedCall<Params, Answer>) => Promise<Answer>;
  readonly wrapStream: <Params extends ModelCallParams, Streamed extends ModelStreamResult>(
    call: StreamCall<Params, Streamed>,
  ) => Promise<Streamed>;
}

/**
 * Puts a circuit in front of a model of the AI SDK, for `wrapLanguageModel`, `wrapEmbeddingModel` and `wrapImageModel`; of
 * models that the SDK cannot wrap see `guardProvider`. Every attempt passes it, those of
 * the SDK's own retries, too; a rejection is not retried, nor is the failure that opens the circuit: it is thrown as a
 * copy with `isRetryable: false`, whose `cause` is the original.
 *
 * A stream counts when its outcome is known: a success when it has finished or its consumer has had enough of it, a
 * failure at an error, at a stall, or at an end without a finish. A trial holds its slot until then. Its answer is judged
 * by the breaker's `failureResult` like one that was not streamed.
 *
 * @param choice - A breaker; a registry, which has one for each `provider/modelId`; or a function of the model.
 * @param options - Limits of streams, in milliseconds. The breaker's own `timeout` is the deadline of an answer that is
 *   not streamed; its `fallback` plays no part.
 * @throws TypeError for another choice; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'gpt-5', ...modelCalls() });
 * const model = wrapLanguageModel({ model: openai('gpt-5'), middleware: modelMiddleware(breaker) });
 * const { text } = await generateText({ model, prompt: 'Hello' });
 * ```
 */
export function modelMiddleware(choice: ModelBreaker, options: ModelMiddlewareOptions = {}): ModelMiddleware {
  const breakerOf = toBreakerOfModel(choice, 'modelMiddleware');
  checkOptions(options, streamLimitRules);
  return guardModelCalls(breakerOf, { ...options });
}

/**
 * The middleware itself.
 *
 * @param timeout - Deadline of an answer that is not streamed, in milliseconds; that of the breaker where it is left out.
 */
export function guardModelCalls(
  breakerOf: (model: ModelIdentity) => Breaker,
  { timeout, ...limits }: StreamLimits & { readonly timeout?: number | undefined },
): ModelMiddleware {
  const admit = (model: ModelIdentity, params: ModelCallParams) => {
    const attempt = Attempt.of(params);
    const breaker = breakerOf(model);
    attempt?.admitBy(breaker);
    return attempt?.isProbe ? undefined : breaker;
  };
  const wrapAnswer = async <Params extends ModelCallParams, Answer>(
    model: ModelIdentity,
    params: Params,
    ask: (params: Params) => PromiseLike<Answer>,
  ) => {
    const breaker = admit(model, params);
    if (!breaker) return ask(params);
    return endIfShut(breaker, params, guardAnswer(breaker, ask, params, timeout));
  };
  return {
    specificationVersion: 'v3',
    wrapGenerate: ({ model, params }) => wrapAnswer(model, params, (asked) => model.doGenerate(asked)),
    wrapEmbed: ({ model, params }) => wrapAnswer(model, params, (asked) => model.doEmbed(asked)),
    async wrapStream({ model, params }) {
      const breaker = admit(model, params);
      if (!breaker) return model.doStream(params);
      return endIfShut(breaker, params, guardStream(breaker, model, params, limits));
    },
  };
}

/** An attempt that finds the circuit open ends the call; a composite of models decides for itself. */
async function endIfShut<Result>(breaker: Breaker, params: ModelCallParams, attempt: Promise<Result>): Promise<Result> {
  try {
    return await attempt;
  } catch (error) {
    throw isShut(breaker) && Attempt.of(params) === undefined ? endingError(error) : error;
  }
}

/** @deprecated The old name of `modelMiddleware`. */
export const circuitBreakerMiddleware: typeof modelMiddleware = modelMiddleware;
/** @deprecated The old name of `ModelMiddleware`. */
export type CircuitBreakerMiddleware = ModelMiddleware;
/** @deprecated The old name of `ModelMiddlewareOptions`. */
export type CircuitBreakerMiddlewareOptions = ModelMiddlewareOptions;
