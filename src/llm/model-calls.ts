import type { FailureJudgement } from '../machine/judge-error.ts';
import { classifyByRules } from './classify-model-error.ts';
import { isEmptyAnswer } from './is-empty-answer.ts';
import { lengthenByChance } from './jitter.ts';
import { type ModelCallsOptions, resolveRules } from './model-calls-options.ts';
import { failureToldIn } from './told-failure.ts';

/** Options of `createBreaker` that make it judge calls of a model. */
export interface ModelCalls {
  /** Judges what a call throws. */
  readonly classifyError: (error: unknown) => FailureJudgement;
  /** Takes an answer that tells a failure, and a finished one that says nothing, for a failure. */
  readonly failureResult: (result: unknown) => boolean;
}

/**
 * Makes a breaker judge calls of a model: spread it into the options. A provider's failures count, a bad request does
 * not; an exhausted quota or a wrong key opens the circuit at once; a `Retry-After` is waited for.
 *
 * @param options - Changes of single rules, and of the jitter.
 * @throws BreakerOptionsError that names the kind or the field that is wrong.
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'model', ...modelCalls() });
 * const lenient = createBreaker({ name: 'model', ...modelCalls({ rules: { auth: { counts: false } } }) });
 * ```
 */
export function modelCalls(options: ModelCallsOptions = {}): ModelCalls {
  const rules = resolveRules(options);
  const { now, jitter = 0.1, random } = options;
  return {
    classifyError(error) {
      // An answer that `failureResult` took for a failure has its kind asked here, too.
      const told = failureToldIn(error);
      if (!told && isEmptyAnswer(error)) return { counts: rules.emptyResponse.counts, kind: 'emptyResponse' };
      const judged = classifyByRules(told ?? error, rules, { now });
      const { counts, opensAtOnce, kind, isAskedFor, retryAfterMs } = judged;
      const openFor = judged.openFor && isAskedFor ? lengthenByChance(judged.openFor, jitter, random) : judged.openFor;
      return { counts, opensAtOnce, openFor, kind, retryAfterMs };
    },
    failureResult(result) {
      const told = failureToldIn(result);
      if (told) return classifyByRules(told, rules, { now }).counts;
      return rules.emptyResponse.counts && isEmptyAnswer(result);
    },
  };
}
