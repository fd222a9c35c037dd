import { isEmptyResponse } from '../../llm/empty/openai-response.ts';
import { fieldAt, fieldOf, textOf } from '../../llm/read-field.ts';
import type { StreamFormat } from './stream-format.ts';

const silentItems: readonly unknown[] = ['message', 'reasoning'];
const lastEvents: readonly unknown[] = [
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
];

/** OpenAI's responses. */
export const openAiResponses: StreamFormat = {
  isOurs: (json) => textOf(json, 'type')?.startsWith('response.') === true,
  saysSomething(json) {
    const type = fieldOf(json, 'type');
    // Servers that only pretend to stream have the whole answer in the last event.
    if (type === 'response.completed') return isEmptyResponse(fieldOf(json, 'response')) === false;
    if (type === 'response.output_item.added') return !silentItems.includes(fieldAt(json, 'item', 'type'));
    const isText = type === 'response.output_text.delta' || type === 'response.refusal.delta';
    return isText && (textOf(json, 'delta') ?? '').trim() !== '';
  },
  finishReasonIn: (json) =>
    textOf(fieldOf(json, 'response'), 'status') ??
    /^response\.(completed|incomplete|failed|cancelled)$/.exec(textOf(json, 'type') ?? '')?.[1],
  isEnd: (json) => lastEvents.includes(fieldOf(json, 'type')),
  toEmptyAnswer: (finishReason) => ({ object: 'response', status: finishReason, output: [] }),
};
