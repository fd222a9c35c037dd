import { isSilent } from '../../llm/empty/content-parts.ts';
import { fieldAt, fieldOf, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

const silentBlocks: readonly unknown[] = ['text', 'thinking', 'redacted_thinking'];

/** Anthropic's messages. */
export const anthropicMessages: StreamFormat = {
  isOurs: (json) => /^(?:message|content_block)_(?:start|delta|stop)$/.test(textOf(json, 'type') ?? ''),
  saysSomething(json) {
    const type = fieldOf(json, 'type');
    if (type === 'message_start') return !isSilent(fieldAt(json, 'message', 'content'));
    if (type === 'content_block_start') return !silentBlocks.includes(fieldAt(json, 'content_block', 'type'));
    return type === 'content_block_delta' && isSaid(textOf(fieldOf(json, 'delta'), 'text'));
  },
  finishReasonIn: (json) => textOf(fieldOf(json, 'delta'), 'stop_reason'),
  isEnd: (json) => fieldOf(json, 'type') === 'message_stop',
  // Whoever says that it is done, and not why, is done.
  toEmptyAnswer: (finishReason = 'end_turn') => ({
    ...{ type: 'message', role: 'assistant' },
    ...{ stop_reason: finishReason, content: [] },
  }),
};

function isSaid(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
