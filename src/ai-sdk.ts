export { AnswerFailedError } from './ai-sdk/answer-failed-error.ts';
export type { ModelSwitchOptions } from './ai-sdk/ask-any.ts';
export type { FailoverEntry } from './ai-sdk/failover-entry.ts';
export { type FailoverModelOptions, failoverModel } from './ai-sdk/failover-model.ts';
/** @deprecated The old name of `ModelBreaker`. */
export type { ModelBreaker, ModelBreaker as BreakerChoice } from './ai-sdk/model-breaker.ts';
/** The old names of `modelMiddleware` and its types. */
export {
  type GenerateCall,
  type ModelMiddleware,
  type ModelMiddleware as CircuitBreakerMiddleware,
  type ModelMiddlewareOptions,
  type ModelMiddlewareOptions as CircuitBreakerMiddlewareOptions,
  modelMiddleware,
  modelMiddleware as circuitBreakerMiddleware,
  type StreamCall,
} from './ai-sdk/model-middleware.ts';
export type {
  AnyLanguageModel,
  ModelCallParams,
  ModelIdentity,
  ModelStreamPart,
  ModelStreamResult,
  StreamLimits,
  SupportedUrls,
} from './ai-sdk/model-types.ts';
export type { FailoverEvent } from './breaker/failover.ts';
