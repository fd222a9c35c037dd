import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';

/** A tool result as far as a rejection needs one. */
export interface RejectedResult {
  readonly isError: true;
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }];
}

/** A rejection as a tool's result: text for the model that has called the tool. */
export function toRejectedResult(rejection: CircuitBreakerOpenError, tool: string): RejectedResult {
  return { isError: true, content: [{ type: 'text', text: toText(rejection, tool) }] };
}

/** The model knows the tool, not a breaker of several tools. */
function toText(rejection: CircuitBreakerOpenError, tool: string): string {
  const text = rejection.toModelMessage();
  return rejection.breaker === tool ? text : `The tool "${tool}" depends on "${rejection.breaker}". ${text}`;
}
