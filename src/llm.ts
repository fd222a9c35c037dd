export {
  type ClassifyOptions,
  classifyModelError,
  type ModelErrorClassification,
} from './llm/classify-model-error.ts';
export { isEmptyAnswer } from './llm/is-empty-answer.ts';
export { type ModelCalls, modelCalls } from './llm/model-calls.ts';
export type { ModelCallsOptions, ModelErrorRuleChanges } from './llm/model-calls-options.ts';
export type { ModelErrorKind } from './llm/model-error-kind.ts';
export { type ModelErrorRule, type ModelErrorRules, modelErrorRules } from './llm/model-error-rules.ts';
export type { FailureJudgement } from './machine/judge-error.ts';
