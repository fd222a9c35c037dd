import { checkOptions } from '../../machines/settings/option-rules.ts';
import { commitRules, streamLimitRules, switchRules } from '../options/check-call-options.ts';
import { type AskedModel, askAny, type ModelSwitchOptions } from './ask-any.ts';
import { BrokenSteps } from './broken-steps.ts';
import { type CommitOptions, commitStream } from './commit-stream.ts';
import { type FailoverEntry, type GuardedEntry, leadersOf, toGuardedModel } from './failover-entry.ts';
import type { AnyLanguageModel, ModelCallParams, ModelStreamResult, StreamLimits } from './model-types.ts';
import { sharedUrls } from './shared-urls.ts';
import { flawOfWhole } from './stream-flaw.ts';
import { versionOf } from './version-of.ts';

/** Options of `failoverModel`; the limits of streams are for the entries with a breaker. */
export interface FailoverModelOptions extends ModelSwitchOptions, StreamLimits, CommitOptions {}

/**
 * Makes one language model of several that are only named. Files in prompts want one that is not.
 *
 * @param models - At least one, in the order of preference.
 * @param options - See `FailoverModelOptions`.
 * @returns A model of the specification that the SDK's own have.
 * @throws TypeError if there is no model, or an entry is none; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const model = failoverModel(['openai/gpt-5', 'anthropic/claude-opus-4-1']);
 * ```
 */
export function failoverModel(
  models: readonly (string | GuardedEntry<never>)[],
  options?: FailoverModelOptions,
): AnyLanguageModel<'v3', ModelCallParams, never, never>;
/**
 * Makes one language model of several: it asks the first whose circuit admits the call, and the next one if that fails
 * with an error that another model may not share, as `failover` does, or ends without saying anything. A stream can be
 * switched until its first content has arrived, or its end (`commit`); the output of two models is never joined. What breaks
 * off from there on is an error part, and `streamRetries` of `streamText` makes the SDK try the step again, which then
 * begins with the next model. A bad request and the caller's abort are not failed over.
 *
 * @param models - At least one, in the order of preference, all of one version of the specification. One without a
 *   circuit is always asked, and all its errors count.
 * @param options - See `FailoverModelOptions`.
 * @returns A model of the same specification with `provider` and `modelId` of the first. It loads from URLs by itself
 *   what all of them do.
 * @throws TypeError if there is no model, or an entry is none; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const model = failoverModel([
 *   { model: openai('gpt-5'), breaker: createBreaker({ name: 'gpt-5', ...modelCalls() }), timeout: 15_000 },
 *   { model: 'anthropic/claude-opus-4-1', breaker: createBreaker({ name: 'claude', ...modelCalls() }), timeout: 15_000 },
 * ]);
 * const { text } = await generateText({ model, prompt: 'Hello', maxRetries: 0 });
 * ```
 */
export function failoverModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
>(
  models: readonly FailoverEntry<AnyLanguageModel<Version, Params, Answer, Streamed>>[],
  options?: FailoverModelOptions,
): AnyLanguageModel<Version, Params, Answer, Streamed>;
export function failoverModel<
  Version extends string,
  Params extends ModelCallParams,
  Answer,
  Streamed extends ModelStreamResult,
>(
  models: readonly FailoverEntry<AnyLanguageModel<Version, Params, Answer, Streamed>>[],
  options: FailoverModelOptions = {},
): AnyLanguageModel<Version, Params, Answer, Streamed> {
  const { firstItemTimeout, idleTimeout, commit, maxHeldBytes, ...switching } = options;
  checkOptions(options, { ...switchRules, ...streamLimitRules, ...commitRules });
  const guarded = models.map((entry) => toGuardedModel(entry, { firstItemTimeout, idleTimeout }));
  const { first, known } = leadersOf(guarded, models, 'failoverModel');
  const brokenSteps = new BrokenSteps();
  return {
    get specificationVersion() {
      return versionOf<Version>(known);
    },
    get provider() {
      return first.provider;
    },
    modelId: first.modelId,
    get supportedUrls() {
      return Promise.all(guarded.map(({ supportedUrls }) => supportedUrls)).then(sharedUrls);
    },
    doGenerate: (params) => askAny({ models: guarded, first: 0 }, params, generate, switching),
    doStream(params) {
      const ask = (asked: AskedModel<(typeof guarded)[number], Params>) =>
        stream(asked, params, brokenSteps, { commit, maxHeldBytes });
      return askAny({ models: guarded, first: brokenSteps.take(params) }, params, ask, switching);
    },
  };
}

/** Asks a model for an answer; one that is none is a failure where there is another model. */
async function generate<Params extends ModelCallParams, Answer>(
  asked: AskedModel<{ doGenerate(params: Params): PromiseLike<Answer> }, Params>,
): Promise<Answer> {
  const answer = await asked.model.doGenerate(asked.params);
  const flaw = flawOfWhole(answer, asked.name);
  if (flaw && asked.goesOnAfter(flaw.error)) throw flaw.error;
  return answer;
}

/** Asks a model for a stream, and takes note of one that breaks off when a part of it has been handed on. */
async function stream<Params extends ModelCallParams, Streamed extends ModelStreamResult>(
  asked: AskedModel<{ doStream(params: Params): PromiseLike<Streamed> }, Params>,
  params: Params,
  brokenSteps: BrokenSteps,
  options: CommitOptions,
): Promise<Streamed> {
  const judge = {
    name: asked.name,
    goesOnAfter: (error: unknown) => asked.goesOnAfter(error),
    isAborted: () => params.abortSignal?.aborted === true,
    breaksOff(error: unknown) {
      const goesOn = asked.goesOnAfter(error);
      if (goesOn) brokenSteps.add(params, asked.next);
      return goesOn;
    },
  };
  return commitStream(await asked.model.doStream(asked.params), judge, options);
}
