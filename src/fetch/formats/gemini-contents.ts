import { isSilentPart } from '../../llm/empty/gemini-content.ts';
import { entriesOf, fieldAt, fieldOf, hasField, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

/** Google's `streamGenerateContent`. */
export const geminiContents: StreamFormat = {
  isOurs: (json) => hasField(json, 'candidates') || hasField(json, 'promptFeedback'),
  saysSomething: (json) =>
    isBlocked(json) ||
    entriesOf(fieldOf(json, 'candidates')).some((candidate) =>
      entriesOf(fieldAt(candidate, 'content', 'parts')).some((part) => !isSilentPart(part)),
    ),
  finishReasonIn,
  isEnd: (json) => isBlocked(json) || finishReasonIn(json) !== undefined,
  toEmptyAnswer: (finishReason) => ({ candidates: [{ finishReason, content: { parts: [] } }] }),
};

function finishReasonIn(json: unknown): string | undefined {
  const reasons = entriesOf(fieldOf(json, 'candidates')).map((candidate) => textOf(candidate, 'finishReason'));
  return reasons.find((reason) => reason !== undefined);
}

/** A prompt that is blocked gets no candidates: that is a refusal. */
function isBlocked(json: unknown): boolean {
  return fieldAt(json, 'promptFeedback', 'blockReason') !== undefined;
}
