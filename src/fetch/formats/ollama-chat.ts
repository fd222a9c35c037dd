import { saysInMessage } from '../../llm/empty/openai-completion.ts';
import { fieldOf, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

/** Ollama's chats and completions, one JSON object a line. */
export const ollamaChat: StreamFormat = {
  isOurs: (json) => typeof fieldOf(json, 'done') === 'boolean' && typeof fieldOf(json, 'model') === 'string',
  saysSomething: (json) => saysInMessage(fieldOf(json, 'message')) || (textOf(json, 'response') ?? '').trim() !== '',
  finishReasonIn: (json) => textOf(json, 'done_reason'),
  isEnd: (json) => fieldOf(json, 'done') === true,
  // One that has only loaded its model has nothing to say.
  toEmptyAnswer: (finishReason) => ({
    object: 'chat.completion',
    choices: [{ finish_reason: finishReason, message: { content: '' } }],
  }),
};
