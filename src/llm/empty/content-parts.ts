import { entriesOf, fieldOf, isArray, textOf } from '../read-field.ts';

/** Parts that are no answer by themselves: what a model thought, or where it looked. */
const silentTypes = ['thinking', 'redacted_thinking', 'reasoning', 'source', 'step-start'];

/** Parts that are only as good as their text. */
const textTypes = ['text', 'output_text', 'text_delta'];

/**
 * Tells whether content says nothing: no text, or only parts without text. A part of any other type, such as a tool
 * call, an image or a refusal, says something.
 *
 * @param content - A text, an array of parts, null or undefined.
 */
export function isSilent(content: unknown): boolean {
  if (content === null || content === undefined) return true;
  if (typeof content === 'string') return isBlank(content);
  return Array.isArray(content) && entriesOf(content, 1_000).every(isSilentPart);
}

/** Tells whether a text has nothing to read. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

/** Tells whether a value is left out, null, or an array without entries. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (isArray(value) && entriesOf(value, 1).length === 0);
}

function isSilentPart(part: unknown): boolean {
  if (typeof part === 'string') return isBlank(part);
  const type = fieldOf(part, 'type');
  if (typeof type !== 'string') return false;
  return silentTypes.includes(type) || (textTypes.includes(type) && isBlank(textOf(part, 'text')));
}
