import { describe, expect, it } from 'vitest';
import { isStreamContent } from '../../../src/breaker/stream-content.ts';

const chunk = (delta: object, finish_reason: string | null = null) => ({
  ...{ id: 'x', object: 'chat.completion.chunk', model: 'm' },
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
});
const block = (content_block: object) => ({ type: 'content_block_start', index: 0, content_block });

const silent: readonly unknown[] = [
  ...['', undefined, null, new Uint8Array()],
  chunk({ role: 'assistant', content: '', refusal: null }),
  chunk({ role: 'assistant', content: null, tool_calls: [] }),
  chunk({}, 'stop'),
  { ...chunk({}), choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } },
  { type: 'response.created', response: { id: 'x' } },
  { type: 'response.output_item.added', item: { type: 'message', content: [] } },
  { type: 'response.output_text.delta', delta: '' },
  { type: 'response.completed', response: {} },
  { type: 'message_start', message: { content: [], usage: { input_tokens: 1 } } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: {} },
  block({ type: 'text', text: '' }),
  block({ type: 'thinking', thinking: '' }),
  { type: 'content_block_delta', delta: { type: 'text_delta', text: '' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'ping' },
  { candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, index: 0 }] },
  { candidates: [{ finishReason: 'STOP', index: 0 }], usageMetadata: { totalTokenCount: 1 } },
  ...['stream-start', 'response-metadata', 'text-start', 'text-end', 'finish', 'start-step'].map((type) => ({ type })),
  { type: 'text-delta', id: '0', delta: '' },
];

const content: readonly unknown[] = [
  ...['hi', ' ', 0, false, { text: 'a row of whatever' }, new Uint8Array(1)],
  chunk({ content: 'hi' }),
  chunk({ reasoning_content: 'hm' }),
  chunk({ tool_calls: [{ index: 0, id: 'call_1', function: { name: 'look', arguments: '' } }] }),
  { object: 'text_completion', choices: [{ index: 0, text: 'hi', finish_reason: null }] },
  { type: 'response.output_text.delta', delta: 'hi' },
  { type: 'response.output_item.added', item: { type: 'function_call', name: 'look' } },
  { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hi' } },
  { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'hm' } },
  { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{' } },
  block({ type: 'tool_use', id: 'x', name: 'look', input: {} }),
  { candidates: [{ content: { parts: [{ text: 'hi' }], role: 'model' } }] },
  { candidates: [{ content: { parts: [{ functionCall: { name: 'look', args: {} } }] } }] },
  { type: 'text-delta', id: '0', delta: 'hi' },
  { type: 'text-delta', id: '0', text: 'hi' },
  { type: 'tool-call', toolCallId: 'x', toolName: 'look', input: '{}' },
  { type: 'file', mediaType: 'image/png', data: 'x' },
];

describe('what commits a stream', () => {
  it.each(silent.map((item) => [item]))('S-93 is not %j', (item) => {
    expect(isStreamContent(item)).toBe(false);
  });

  it.each(content.map((item) => [item]))('S-93 is %j', (item) => {
    expect(isStreamContent(item)).toBe(true);
  });
});
