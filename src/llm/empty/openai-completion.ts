import { entriesOf, fieldOf, isArray, namesOf } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isSilent } from './content-parts.ts';

/** What comes with a message and is no answer: who speaks, what was thought, where was looked. */
const silentFields: ReadonlySet<string> = new Set([
  ...[
    'role',
    'name',
    'id',
    'index',
    'reasoning',
    'reasoning_content',
    'reasoning_details',
    'reasoning_text',
    'thinking',
  ],
  ...['thinking_blocks', 'thoughts', 'annotations', 'citations', 'search_results', 'context', 'prefix', 'padding'],
  ...['provider_specific_fields', 'extra_content', 'obfuscation', 'stop_reason', 'thought_signature'],
]);

/** OpenAI's chat completions, and those of the many that speak like it. */
export const isEmptyCompletion: IsEmptyAnswer = (result) => {
  const choices = fieldOf(result, 'choices');
  const object = fieldOf(result, 'object');
  const isOurs = object === 'chat.completion' || (choices === null && object === undefined);
  if (!isOurs || !(isArray(choices) || (choices ?? null) === null)) return undefined;
  return entriesOf(choices).every(isEmptyChoice);
};

/**
 * Tells whether a message, or a part of one that is streamed, says something. A field that is not known does, unless it is
 * blank: vendors add images, audio and more.
 */
export function saysInMessage(message: unknown): boolean {
  return namesOf(message).some((name) => !silentFields.has(name) && !isBlankField(fieldOf(message, name)));
}

function isEmptyChoice(choice: unknown): boolean {
  return fieldOf(choice, 'finish_reason') === 'stop' && !saysInMessage(fieldOf(choice, 'message'));
}

function isBlankField(value: unknown): boolean {
  if (typeof value === 'boolean' || typeof value === 'number') return true;
  return isSilent(value) || (typeof value === 'object' && !isArray(value) && namesOf(value, 1).length === 0);
}
