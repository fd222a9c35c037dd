export type { ToolBreakers } from './breaker/breaker-choice.ts';
export { circuitBreakerMiddleware } from './langchain/circuit-breaker-middleware.ts';
export { guardRunnable } from './langchain/guard-runnable.ts';
export type { GuardRunnableOptions } from './langchain/guard-runnable-options.ts';
export type { CircuitBreakerMiddlewareOptions } from './langchain/middleware-options.ts';
export type { ModelBreakers } from './langchain/model-breakers.ts';
