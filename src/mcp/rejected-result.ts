import { rejectionInWords } from '../breaker/breaker-choice.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';

/** A tool result as far as a rejection needs one. */
export interface RejectedResult {
  readonly isError: true;
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }];
}

/** A rejection as a tool's result: text for the model that has called the tool. */
export function toRejectedResult(rejection: CircuitBreakerOpenError, tool: string): RejectedResult {
  return { isError: true, content: [{ type: 'text', text: rejectionInWords(rejection, tool) }] };
}
