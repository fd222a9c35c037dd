import { entriesOf, fieldOf } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isSilent } from './content-parts.ts';

/** OpenAI's responses. */
export const isEmptyResponse: IsEmptyAnswer = (result) => {
  if (fieldOf(result, 'object') !== 'response') return undefined;
  return fieldOf(result, 'status') === 'completed' && entriesOf(fieldOf(result, 'output'), 1_000).every(isEmptyItem);
};

/** Every item but these two is a call of some tool. */
function isEmptyItem(item: unknown): boolean {
  const type = fieldOf(item, 'type');
  return type === 'reasoning' || (type === 'message' && isSilent(fieldOf(item, 'content')));
}
