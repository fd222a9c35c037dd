export { AnswerFailedError } from './ai-sdk/answer-failed-error.ts';
export type { ModelSwitchOptions } from './ai-sdk/ask-any.ts';
export type { CommitOptions } from './ai-sdk/commit-stream.ts';
export { type FailoverEmbeddingModelOptions, failoverEmbeddingModel } from './ai-sdk/failover-embedding-model.ts';
export type { FailoverEntry, GuardedEntry } from './ai-sdk/failover-entry.ts';
export { type FailoverModelOptions, failoverModel } from './ai-sdk/failover-model.ts';
export { type AnyProvider, type GuardProviderOptions, guardProvider } from './ai-sdk/guard-provider.ts';
export type { BreakerChoice, ModelBreaker } from './ai-sdk/model-breaker.ts';
export {
  type CircuitBreakerMiddleware,
  type CircuitBreakerMiddlewareOptions,
  circuitBreakerMiddleware,
  type EmbedCall,
  type GenerateCall,
  type ModelMiddleware,
  type ModelMiddlewareOptions,
  modelMiddleware,
  type StreamCall,
} from './ai-sdk/model-middleware.ts';
export type {
  AnyEmbeddingModel,
  AnyLanguageModel,
  ModelCallParams,
  ModelIdentity,
  ModelStreamPart,
  ModelStreamResult,
  StreamLimits,
  SupportedUrls,
} from './ai-sdk/model-types.ts';
export type {
  FailoverEvent,
  FailoverQuestion,
  FailoverServed,
  LeftCandidate,
  SwitchOptions,
} from './breaker/failover-options.ts';
