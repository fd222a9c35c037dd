import { ToolMessage } from 'langchain';
import { rejectionInWords } from '../breaker/breaker-choice.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { textOf } from '../llm/read-field.ts';
import { isMistakeOfTheModel } from './neutral-errors.ts';

/** A call of a tool by a model, as far as an answer needs it. */
export interface ToolCall {
  readonly name: string;
  readonly id?: string | undefined;
}

/** A rejection as the answer to the model that has called the tool. */
export function toRejectedMessage(rejection: CircuitBreakerOpenError, call: ToolCall): ToolMessage {
  return toErrorMessage(rejectionInWords(rejection, call.name), call);
}

/** What a tool threw as the answer to the model, in the words of an agent without middleware. */
export function toFailedMessage(error: unknown, call: ToolCall): ToolMessage {
  const text = isMistakeOfTheModel(error) ? textOf(error, 'message') : undefined;
  return toErrorMessage(text ?? `${error}\n Please fix your mistakes.`, call);
}

function toErrorMessage(content: string, { name, id = '' }: ToolCall): ToolMessage {
  return new ToolMessage({ content, name, tool_call_id: id, status: 'error' });
}
