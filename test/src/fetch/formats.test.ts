import { createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { breakerFetch, type GuardOptions } from '../../../src/fetch.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reply, startTestProvider } from '../../provider/vendors.ts';

const chunk = (delta: object, finish_reason: string | null = null) => ({ choices: [{ delta, finish_reason }] });
const part = (candidate: object) => ({ candidates: [candidate] });
const started = { type: 'message_start', message: {} };

/** Reads a stream of these events, and gives what the breaker made of it. */
async function outcomeOf(events: readonly unknown[], options: GuardOptions = {}) {
  const text = events.map((data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`).join('');
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  const breaker = createBreaker(modelCalls());
  const fetch = breakerFetch(breaker, { ...options, fetch: async () => new Response(text, { headers }) });
  expect(await (await fetch('https://model.test')).text()).toBe(text);
  const { successes, failures, ignored, lastFailure } = breaker.metrics();
  if (failures > 0) return lastFailure?.kind ?? lastFailure?.name;
  return successes > 0 ? 'success' : `${ignored} ignored`;
}

describe('a stream of server-sent events', () => {
  it.each<[string, readonly unknown[]]>([
    ["OpenAI's chat", [chunk({ content: 'hi' }), chunk({}, 'stop'), '[DONE]']],
    ["OpenAI's chat without [DONE]", [chunk({ content: 'hi' }), chunk({}, 'stop')]],
    ["OpenAI's chat that calls a tool", [chunk({ tool_calls: [{ index: 0 }] }), chunk({}, 'tool_calls'), '[DONE]']],
    ["OpenAI's chat that is cut short at its limit", [chunk({ content: '' }), chunk({}, 'length'), '[DONE]']],
    ["OpenAI's responses", [{ type: 'response.output_text.delta', delta: 'hi' }, { type: 'response.completed' }]],
    [
      "OpenAI's responses that call a tool",
      [
        { type: 'response.output_item.added', item: { type: 'function_call' } },
        { type: 'response.completed', response: { status: 'completed' } },
      ],
    ],
    ["OpenAI's responses that are incomplete", [{ type: 'response.created' }, { type: 'response.incomplete' }]],
    [
      "Anthropic's messages",
      [started, { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hi' } }, { type: 'message_stop' }],
    ],
    [
      "Anthropic's messages that call a tool",
      [
        started,
        { type: 'content_block_start', content_block: { type: 'tool_use' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ],
    ],
    ["Google's contents", [part({ content: { parts: [{ text: 'hi' }] } }), part({ finishReason: 'STOP' })]],
    [
      "Google's contents that call a function",
      [part({ content: { parts: [{ functionCall: {} }] } }), part({ finishReason: 'STOP' })],
    ],
    ["Google's prompt that is blocked", [{ promptFeedback: { blockReason: 'SAFETY' } }]],
    ['a format that nobody knows', [{ progress: 1 }, 'no JSON']],
  ])('is a success when it is whole: %s', async (_name, events) => {
    expect(await outcomeOf(events)).toBe('success');
  });

  it.each<[string, readonly unknown[]]>([
    ["OpenAI's chat", [chunk({ content: 'hi' }), chunk({ content: ' there' })]],
    ["OpenAI's responses", [{ type: 'response.created' }, { type: 'response.output_text.delta', delta: 'hi' }]],
    ["Anthropic's messages", [started, { type: 'content_block_delta', delta: { type: 'text_delta', text: 'hi' } }]],
    ["Google's contents", [part({ content: { parts: [{ text: 'hi' }] } })]],
    ['no event at all', []],
  ])('is interrupted when it ends without its last event: %s', async (_name, events) => {
    expect(await outcomeOf(events)).toMatch(/interrupted/i);
  });

  it.each<[string, readonly unknown[]]>([
    ["OpenAI's chat", [chunk({ role: 'assistant', content: '' }), chunk({ content: '\n' }), chunk({}, 'stop')]],
    ["OpenAI's chat that only thinks", [chunk({ reasoning_content: 'hm' }), chunk({}, 'stop'), '[DONE]']],
    [
      "OpenAI's responses",
      [
        { type: 'response.output_item.added', item: { type: 'reasoning' } },
        { type: 'response.completed', response: { status: 'completed' } },
      ],
    ],
    [
      "Anthropic's messages",
      [
        started,
        { type: 'content_block_start', content_block: { type: 'thinking' } },
        { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'hm' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ],
    ],
    [
      "Google's contents",
      [part({ content: { parts: [{ text: 'hm', thought: true }] } }), part({ finishReason: 'STOP' })],
    ],
  ])('is judged by failureResult like the empty answer that it is: %s', async (_name, events) => {
    expect(await outcomeOf(events)).not.toBe('success');
    expect(await outcomeOf(events)).not.toMatch(/interrupted|ignored/i);
  });

  it.each<[string, unknown, string]>([
    ["OpenAI's", { error: { type: 'server_error', message: 'down' } }, 'serverError'],
    ["OpenAI's responses'", { type: 'error', code: 'rate_limit_exceeded', message: 'slow' }, 'rateLimit'],
    [
      "OpenAI's failed responses'",
      { type: 'response.failed', response: { error: { code: 'server_error', message: 'down' } } },
      'serverError',
    ],
    ["Anthropic's", { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    ["Google's", { error: { code: 503, status: 'UNAVAILABLE', message: 'overloaded' } }, 'overloaded'],
    ['a bad prompt', { error: { code: 'context_length_exceeded' } }, '1 ignored'],
  ])('is judged by the error that it tells: %s', async (_name, event, outcome) => {
    expect(await outcomeOf([chunk({ content: 'hi' }), event])).toBe(outcome);
  });

  it('is whole by isComplete, where that is given', async () => {
    const isComplete = ({ data }: { data: string }) => data === 'bye';
    expect(await outcomeOf(['hi', 'bye'], { isComplete })).toBe('success');
    expect(await outcomeOf(['hi'], { isComplete })).toMatch(/interrupted/i);
    expect(await outcomeOf([chunk({ content: 'hi' }), chunk({}, 'stop')], { isComplete })).toMatch(/interrupted/i);
  });

  it('S-50 is whole, and untouched, when isComplete throws', async () => {
    const isComplete = () => {
      throw new Error('a bug');
    };
    expect(await outcomeOf(['hi'], { isComplete })).toBe('success');
  });
});

describe("a stream of OpenAI's responses through its client", () => {
  async function read(fault: Fault | undefined) {
    const provider = await startTestProvider(fault ? { fault } : {});
    const breaker = createBreaker(modelCalls());
    const options = { baseURL: `${provider.baseUrl}/v1`, apiKey: 'any', maxRetries: 0 };
    const client = new OpenAI({ ...options, fetch: breakerFetch(breaker, { onOpen: 'response' }) });
    const stream = await client.responses.create({ model: 'gpt-test', input: 'Say something.', stream: true });
    let text = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    return { text, metrics: breaker.metrics() };
  }

  it('is a success when it is whole, a failure when it is cut off or says nothing', async () => {
    expect(await read(undefined)).toMatchObject({ text: reply, metrics: { successes: 1 } });
    expect(await read({ kind: 'cutOff', afterChunks: 2 })).toMatchObject({
      text: 'The quick',
      metrics: { failures: 1 },
    });
    expect(await read({ kind: 'empty' })).toMatchObject({ text: '', metrics: { failures: 1 } });
  });
});
