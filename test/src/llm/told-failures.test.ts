import { streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { modelCalls } from '../../../src/llm.ts';

const { failureResult, classifyError } = modelCalls({ jitter: 0 });
const completion = (choice: object) => ({ object: 'chat.completion', choices: [{ index: 0, ...choice }] });
const message = { role: 'assistant', content: 'hi' };

describe('a result that tells no failure', () => {
  it.each<[string, unknown]>([
    ['no error', { error: null, choices: [] }],
    ['an empty error', { error: '' }],
    ['a list of no errors', { error: [] }],
    ['a text beside data', { data: [1], error: 'the caller knows why' }],
    ['a text beside a result', { result: 1, error: 'partly' }],
    ['a job that failed', { object: 'fine_tuning.job', status: 'failed', error: { message: 'no' } }],
    ['a batch with errors', { object: 'batch', errors: { data: [{ code: 'x' }] } }],
    ['a tool that failed', { isError: true, content: [{ type: 'text', text: 'no' }] }],
    ['an answer that was refused', completion({ finish_reason: 'content_filter', message: { content: '' } })],
    ['an answer that was cut short', completion({ finish_reason: 'length', message })],
    ['an answer that calls a tool', completion({ finish_reason: 'tool_calls', message })],
    ['success without a list', { success: false }],
    ['a status of its own', { base_resp: { status_code: 0, status_msg: 'success' } }],
    ['what went wrong with the request', { error: { code: 'context_length_exceeded', message: 'too long' } }],
    ['a text', '{"error":{"message":"no"}}'],
    ['nothing', undefined],
  ])('S-97 is a success: %s', (_title, result) => {
    expect(failureResult(result)).toBe(false);
  });

  it('S-97 is not read where reading starts something', () => {
    const result = streamText({ model: new MockLanguageModelV4(), prompt: 'Say something.', onError: () => {} });
    expect(failureResult(result)).toBe(false);
    const read: PropertyKey[] = [];
    const stream = new Proxy(
      { fullStream: [], finishReason: 'error', content: [] },
      {
        get(target, name) {
          if (name in target) read.push(name);
          return Reflect.get(target, name);
        },
      },
    );
    expect(failureResult(stream)).toBe(false);
    expect(read).toEqual([]);
  });
});

describe('a result that tells a failure', () => {
  it.each<[string, unknown, string]>([
    ['an error', { error: { message: 'boom', code: 500 } }, 'serverError'],
    ['an error of a text', { error: 'upstream overloaded' }, 'overloaded'],
    ['an error by its type', { type: 'error', error: { type: 'overloaded_error' } }, 'overloaded'],
    ['an error by its object', { object: 'error', code: 429, message: 'slow' }, 'rateLimit'],
    ['a text in a choice', completion({ error: 'rate limit' }), 'rateLimit'],
    ['"error"', completion({ finish_reason: 'error', message }), 'serverError'],
    ['"abort"', completion({ finish_reason: 'abort', message }), 'serverError'],
    ['"timeout"', completion({ finish_reason: 'timeout', message }), 'timeout'],
    ["Cohere's", { finish_reason: 'ERROR', message: {} }, 'serverError'],
    ["Anthropic's", { type: 'message', role: 'assistant', stop_reason: 'error', content: [] }, 'serverError'],
    ["LangChain's", { type: 'ai', content: 'x', response_metadata: { finish_reason: 'error' } }, 'serverError'],
    ["the AI SDK's", { content: [], finishReason: 'error' }, 'serverError'],
    ["the AI SDK's, raw", { content: [], finishReason: 'other', rawFinishReason: 'network_error' }, 'serverError'],
    ["a model of the AI SDK's", { content: [], finishReason: { unified: 'other', raw: 'error' } }, 'serverError'],
    ['a number of MiniMax that is not known', { base_resp: { status_code: 1033 } }, 'serverError'],
    ['a wrong key at MiniMax', { base_resp: { status_code: 2049, status_msg: 'invalid api key' } }, 'auth'],
  ])('S-97 is judged by it: %s', (_title, result, kind) => {
    expect(failureResult(result)).toBe(true);
    expect(classifyError(result)).toMatchObject({ kind, counts: true });
  });
});
