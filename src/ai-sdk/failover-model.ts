import { checkOptions } from '../../machines/settings/option-rules.ts';
import { streamLimitRules, switchRules } from '../options/check-call-options.ts';
import { askAny, type ModelSwitchOptions } from './ask-any.ts';
import { commitStream } from './commit-stream.ts';
import { type FailoverEntry, toGuardedModel } from './failover-entry.ts';
import type { AnyLanguageModel, ModelCallParams, ModelStreamResult, StreamLimits } from './model-types.ts';
import { sharedUrls } from './shared-urls.ts';

/** Options of `failoverModel`; the limits of streams are for the entries with a breaker. */
export interface FailoverModelOptions extends ModelSwitchOptions, StreamLimits {}

/**
 * Makes one language model of several: it asks the first whose circuit admits the call, and the next one if that fails
 * with an error that counts for its breaker. A stream can be switched until its first content has arrived; the output of
 * two models is never joined. Errors that do not count, such as a bad request, and the caller's abort are not failed over.
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
 *   { model: openai('gpt-5'), breaker: createBreaker({ name: 'gpt-5', ...modelCalls() }) },
 *   { model: anthropic('claude-opus-4-1'), breaker: createBreaker({ name: 'claude', ...modelCalls() }) },
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
  options: FailoverModelOptions = {},
): AnyLanguageModel<Version, Params, Answer, Streamed> {
  const { firstItemTimeout, idleTimeout, ...switching } = options;
  checkOptions(options, { ...switchRules, ...streamLimitRules });
  const guarded = models.map((entry) => toGuardedModel(entry, { firstItemTimeout, idleTimeout }));
  const [first] = guarded;
  if (first === undefined) throw new TypeError('failoverModel wants at least one model, but was given none.');
  const { specificationVersion, provider, modelId } = first;
  return {
    ...{ specificationVersion, provider, modelId },
    get supportedUrls() {
      return Promise.all(guarded.map(({ supportedUrls }) => supportedUrls)).then(sharedUrls);
    },
    doGenerate: (params) => askAny(guarded, params, (asked) => asked.model.doGenerate(asked.params), switching),
    doStream: (params) =>
      askAny(
        guarded,
        params,
        async (asked) => commitStream(await asked.model.doStream(asked.params), asked),
        switching,
      ),
  };
}
