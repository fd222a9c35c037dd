import { type AgentMiddleware, createMiddleware } from 'langchain';
import { toBreakerOf } from '../breaker/breaker-choice.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { type AgentMiddlewareOptions, checkAgentMiddlewareOptions } from './agent-middleware-options.ts';
import { guardCall } from './guard-call.ts';
import { nameOfModel } from './model-breakers.ts';
import { isControlFlow } from './neutral-errors.ts';
import { toFailedMessage, toRejectedMessage } from './tool-message.ts';

/**
 * Middleware for `createAgent` that puts breakers in front of the model and the tools. Where a tool's circuit is open the
 * model gets a message that tells it so, and goes on without the tool; where the model's is, the run ends with a
 * `CircuitBreakerOpenError`, which LangChain wraps: find it by `CircuitBreakerOpenError.find(error)`.
 *
 * Place it last in `middleware`, which is innermost: what retries or falls back stands further out, so that every
 * attempt is seen. The caller's abort, LangGraph's interrupts and the model's unfit tool calls are neutral. The breakers'
 * `timeout` and `fallback` play no part.
 *
 * @param options - Which breakers guard what.
 * @throws BreakerOptionsError for an option that is unknown or wrong.
 * @example
 * ```ts
 * const model = createBreaker({ name: 'model', ...modelCalls() });
 * const tools = createBreakerRegistry({ failureThreshold: 3 });
 * const agent = createAgent({
 *   model: 'openai:gpt-5',
 *   tools: [search],
 *   middleware: [agentMiddleware({ model, tools })],
 * });
 * ```
 */
export function agentMiddleware(options: AgentMiddlewareOptions): AgentMiddleware {
  checkAgentMiddlewareOptions(options);
  const { model, tools, toolErrors = 'message', signal } = options;
  const breakerOfModel = model && toBreakerOf(model, { asker: 'agentMiddleware', keyOf: nameOfModel });
  const breakerOfTool = tools && toBreakerOf(tools, { asker: 'agentMiddleware', keyOf: (tool) => tool });
  return createMiddleware({
    name: 'CircuitBreakerMiddleware',
    ...(breakerOfModel && {
      wrapModelCall: async (request, handler) => {
        const breaker = breakerOfModel(request);
        if (breaker === undefined) return handler(request);
        return guardCall(breaker, { call: () => handler(request), signals: [signal, request.runtime.signal] });
      },
    }),
    ...(breakerOfTool && {
      wrapToolCall: async (request, handler) => {
        const { tool, toolCall, runtime } = request;
        const signals = [signal, runtime.signal];
        const call = () => handler(request);
        // LangChain itself answers the call of a tool there is not.
        const breaker = tool && breakerOfTool(toolCall.name);
        try {
          return await (breaker ? guardCall(breaker, { call, signals }) : call());
        } catch (error) {
          if (isControlFlow(error) || signals.some((one) => one?.aborted)) throw error;
          // Maybe by a breaker that the tool itself uses.
          if (CircuitBreakerOpenError.isInstance(error)) return toRejectedMessage(error, toolCall);
          if (toolErrors === 'throw') throw error;
          return toFailedMessage(error, toolCall);
        }
      },
    }),
  });
}

/** @deprecated The old name of `agentMiddleware`. */
export const circuitBreakerMiddleware: typeof agentMiddleware = agentMiddleware;
