export type { ToolBreakers } from './breaker/breaker-choice.ts';
/** The old name of `agentMiddleware`. */
export { agentMiddleware, agentMiddleware as circuitBreakerMiddleware } from './langchain/agent-middleware.ts';
/** The old name of `AgentMiddlewareOptions`. */
export type {
  AgentMiddlewareOptions,
  AgentMiddlewareOptions as CircuitBreakerMiddlewareOptions,
} from './langchain/agent-middleware-options.ts';
export { guardRunnable } from './langchain/guard-runnable.ts';
export type { GuardRunnableOptions } from './langchain/guard-runnable-options.ts';
export type { ModelBreakers } from './langchain/model-breakers.ts';
