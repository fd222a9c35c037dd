import { saysInMessage } from '../../llm/empty/openai-completion.ts';
import { entriesOf, fieldOf, isArray, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

/** OpenAI's chat completions, and those of the many that speak like it. */
export const openAiChat: StreamFormat = {
  isOurs: (json) => isArray(fieldOf(json, 'choices')),
  saysSomething: (json) =>
    entriesOf(fieldOf(json, 'choices')).some(
      (choice) =>
        // Servers that only pretend to stream put the whole message where its parts belong.
        saysInMessage(fieldOf(choice, 'delta')) ||
        saysInMessage(fieldOf(choice, 'message')) ||
        (textOf(choice, 'text') ?? '').trim() !== '',
    ),
  finishReasonIn,
  // Not every server that speaks it sends [DONE] behind the reason.
  isEnd: (json) => finishReasonIn(json) !== undefined,
  // Whoever says that it is done, and not why, is done.
  toEmptyAnswer: (finishReason = 'stop') => ({
    object: 'chat.completion',
    choices: [{ finish_reason: finishReason, message: { content: '' } }],
  }),
};

function finishReasonIn(json: unknown): string | undefined {
  const reasons = entriesOf(fieldOf(json, 'choices')).map((choice) => textOf(choice, 'finish_reason'));
  return reasons.find((reason) => reason !== undefined);
}
