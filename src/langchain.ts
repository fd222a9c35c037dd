export type { ToolBreakers } from './breaker/breaker-choice.ts';
export { agentMiddleware, circuitBreakerMiddleware } from './langchain/agent-middleware.ts';
export type {
  AgentMiddlewareOptions,
  CircuitBreakerMiddlewareOptions,
} from './langchain/agent-middleware-options.ts';
export { guardRunnable } from './langchain/guard-runnable.ts';
export type { GuardRunnableOptions } from './langchain/guard-runnable-options.ts';
export type { ModelBreakers } from './langchain/model-breakers.ts';
