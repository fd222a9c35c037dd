import { entriesOf, fieldOf, isArray } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isAbsent, isSilent } from './content-parts.ts';

/** OpenAI's chat completions, and those of the many that speak like it. */
export const isEmptyCompletion: IsEmptyAnswer = (result) => {
  const choices = fieldOf(result, 'choices');
  if (!isArray(choices) || fieldOf(result, 'object') !== 'chat.completion') return undefined;
  return entriesOf(choices).every(isEmptyChoice);
};

function isEmptyChoice(choice: unknown): boolean {
  const message = fieldOf(choice, 'message');
  const said = ['tool_calls', 'function_call', 'refusal', 'audio'];
  return (
    fieldOf(choice, 'finish_reason') === 'stop' &&
    isSilent(fieldOf(message, 'content')) &&
    said.every((field) => isAbsent(fieldOf(message, field)))
  );
}
