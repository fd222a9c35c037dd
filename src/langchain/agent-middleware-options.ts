import { checkOptions, type OptionRule, oneOf, rejectOption } from '../../machines/settings/option-rules.ts';
import { isBreakerChoice, type ToolBreakers } from '../breaker/breaker-choice.ts';
import { anAbortSignal } from '../options/check-call-options.ts';
import type { ModelBreakers } from './model-breakers.ts';

/** What `agentMiddleware` guards, and how. */
export interface AgentMiddlewareOptions {
  /**
   * Guards model calls: a breaker, a registry for one breaker per model name, or a function of the request.
   * @default none: they are made in any case
   */
  readonly model?: ModelBreakers | undefined;
  /**
   * Guards tool calls: a breaker for all tools, a registry for one breaker per tool name, or a function of the name.
   * @default none: they are made in any case
   */
  readonly tools?: ToolBreakers | undefined;
  /**
   * What becomes of what a tool throws. `'message'`: a message to the model with status `error`, as in an agent without
   * middleware. `'throw'`: it is thrown, as LangChain does with middleware, for `toolRetryMiddleware` or
   * `toolErrorMiddleware` further out; where there is none, it ends the agent's run.
   * @default 'message'
   */
  readonly toolErrors?: 'message' | 'throw' | undefined;
  /**
   * The signal that `createAgent` was given, if any: LangChain does not show it to middleware. The signal of a run is
   * known.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
}

/** @deprecated The old name of `AgentMiddlewareOptions`. */
export type CircuitBreakerMiddlewareOptions = AgentMiddlewareOptions;

const breakers: OptionRule = (option, value) => {
  if (!isBreakerChoice(value)) rejectOption(option, 'a breaker, a registry or a function', value);
};

/** @throws BreakerOptionsError for an option that is unknown or wrong. */
export function checkAgentMiddlewareOptions(options: AgentMiddlewareOptions): void {
  checkOptions(options, {
    model: breakers,
    tools: breakers,
    toolErrors: oneOf('message', 'throw'),
    signal: anAbortSignal,
  });
  if (options.model === undefined && options.tools === undefined)
    rejectOption('options', 'an object with model, tools or both', options);
}
