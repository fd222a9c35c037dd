import { fieldAt, fieldOf, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

const silentBlocks: readonly unknown[] = ['text', 'thinking', 'redacted_thinking'];

/** Anthropic's messages. */
export const anthropicMessages: StreamFormat = {
  isOurs: (json) => fieldOf(json, 'type') === 'message_start',
  saysSomething(json) {
    const type = fieldOf(json, 'type');
    if (type === 'content_block_start') return !silentBlocks.includes(fieldAt(json, 'content_block', 'type'));
    return type === 'content_block_delta' && isSaid(textOf(fieldOf(json, 'delta'), 'text'));
  },
  finishReasonIn: (json) => textOf(fieldOf(json, 'delta'), 'stop_reason'),
  isEnd: (json) => fieldOf(json, 'type') === 'message_stop',
  toEmptyAnswer: (finishReason) => ({
    ...{ type: 'message', role: 'assistant' },
    ...{ stop_reason: finishReason, content: [] },
  }),
};

function isSaid(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
