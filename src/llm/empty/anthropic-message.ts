import { fieldOf } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isSilent } from './content-parts.ts';

const finished = ['end_turn', 'stop_sequence'];

/** Anthropic's messages. */
export const isEmptyMessage: IsEmptyAnswer = (result) => {
  if (fieldOf(result, 'type') !== 'message' || fieldOf(result, 'role') !== 'assistant') return undefined;
  return finished.some((reason) => reason === fieldOf(result, 'stop_reason')) && isSilent(fieldOf(result, 'content'));
};
