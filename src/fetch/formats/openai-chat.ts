import { entriesOf, fieldOf, isArray, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

const saying = ['content', 'tool_calls', 'function_call', 'refusal', 'audio'] as const;

/** OpenAI's chat completions, and those of the many that speak like it. */
export const openAiChat: StreamFormat = {
  isOurs: (json) => isArray(fieldOf(json, 'choices')),
  saysSomething: (json) =>
    entriesOf(fieldOf(json, 'choices')).some(
      (choice) =>
        isSaid(fieldOf(choice, 'text')) || saying.some((field) => isSaid(fieldOf(fieldOf(choice, 'delta'), field))),
    ),
  finishReasonIn,
  // Not every server that speaks it sends [DONE] behind the reason.
  isEnd: (json, data) => data === '[DONE]' || finishReasonIn(json) !== undefined,
  toEmptyAnswer: (finishReason) => ({
    object: 'chat.completion',
    choices: [{ finish_reason: finishReason, message: { content: '' } }],
  }),
};

function finishReasonIn(json: unknown): string | undefined {
  const reasons = entriesOf(fieldOf(json, 'choices')).map((choice) => textOf(choice, 'finish_reason'));
  return reasons.find((reason) => reason !== undefined);
}

function isSaid(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return value !== undefined && value !== null && !(isArray(value) && entriesOf(value, 1).length === 0);
}
