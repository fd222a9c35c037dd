import { fieldAt, fieldOf, hasField } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isAbsent, isSilent } from './content-parts.ts';

/** How vendors say in `response_metadata` that an answer came to its end. */
const finished = ['stop', 'end_turn', 'stop_sequence'];

/** What is said besides content, among much that is said about it. */
const spoken = ['refusal', 'audio', 'tool_calls', 'function_call', 'images', 'image', 'video'];

/** LangChain's AIMessage. */
export const isEmptyAiMessage: IsEmptyAnswer = (result) => {
  if (fieldOf(result, 'type') !== 'ai' || !hasField(result, 'response_metadata')) return undefined;
  const reason = ['finish_reason', 'stop_reason', 'finishReason', 'stopReason']
    .map((field) => fieldAt(result, 'response_metadata', field))
    .find((value) => typeof value === 'string');
  const said = [
    fieldOf(result, 'tool_calls'),
    fieldOf(result, 'invalid_tool_calls'),
    ...spoken.map((field) => fieldAt(result, 'additional_kwargs', field)),
  ];
  return finished.includes(`${reason}`.toLowerCase()) && isSilent(fieldOf(result, 'content')) && said.every(isAbsent);
};
