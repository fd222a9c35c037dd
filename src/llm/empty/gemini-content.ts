import { entriesOf, fieldAt, fieldOf, isArray, namesOf, textOf } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isAbsent, isBlank } from './content-parts.ts';

/** Google's `generateContent`. */
export const isEmptyGeminiContent: IsEmptyAnswer = (result) => {
  const candidates = fieldOf(result, 'candidates');
  const isOurs = isArray(candidates) || (candidates === undefined && isAnswerWithoutCandidates(result));
  if (!isOurs) return undefined;
  // A prompt that was blocked has no candidates, either: that is a refusal.
  if (!isAbsent(fieldAt(result, 'promptFeedback', 'blockReason'))) return false;
  return entriesOf(candidates).every(isEmptyCandidate);
};

function isAnswerWithoutCandidates(result: unknown): boolean {
  return typeof fieldOf(result, 'usageMetadata') === 'object' && typeof fieldOf(result, 'modelVersion') === 'string';
}

function isEmptyCandidate(candidate: unknown): boolean {
  const parts = entriesOf(fieldAt(candidate, 'content', 'parts'), 1_000);
  return fieldOf(candidate, 'finishReason') === 'STOP' && parts.every(isSilentPart);
}

/** A part's fields are its content, but for a thought's; the model's thoughts are text that is marked. */
export function isSilentPart(part: unknown): boolean {
  if (fieldOf(part, 'thought') === true) return true;
  const text = textOf(part, 'text');
  const said = namesOf(part).filter((name) => name !== 'text' && name !== 'thoughtSignature');
  return (
    said.every((name) => isAbsent(fieldOf(part, name))) && (said.length === 0 || text !== undefined) && isBlank(text)
  );
}
