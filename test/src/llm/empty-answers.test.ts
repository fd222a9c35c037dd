import { AIMessage } from '@langchain/core/messages';
import { streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { isEmptyAnswer, modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { status } from './judgement-suite.ts';
import {
  ai6Client,
  aiClient,
  anthropicClient,
  geminiClient,
  langChainClient,
  type ModelClient,
  openAiClient,
  openAiResponsesClient,
} from './model-clients.ts';

const chatClients = [openAiClient, langChainClient, aiClient, ai6Client];
const clients = [...chatClients, openAiResponsesClient, anthropicClient, geminiClient];

/** What the client makes of a body of the provider's. */
async function answerOf(client: ModelClient, body: object): Promise<unknown> {
  return client.ask(await startTestProvider({ fault: status(200, { body }) }));
}

describe.each(clients)('an answer of $name', (client) => {
  const { failureResult } = modelCalls();

  it('that is finished and says nothing is a failure', async () => {
    const provider = await startTestProvider({ fault: { kind: 'empty' } });
    expect(failureResult(await client.ask(provider))).toBe(true);
  });

  it('that says something is none', async () => {
    expect(failureResult(await client.ask(await startTestProvider()))).toBe(false);
  });
});

const toolCall = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
const completion = (message: object, finish_reason: string | null = 'stop') => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'any',
  choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: null, ...message } }],
  usage: { prompt_tokens: 1, completion_tokens: 0, total_tokens: 1 },
});

describe.each(chatClients)('a chat completion through $name', (client) => {
  it.each<[string, object, boolean]>([
    ['null', completion({}), true],
    ['only white space', completion({ content: ' \n' }), true],
    ['a tool call', completion({ tool_calls: [toolCall] }, 'tool_calls'), false],
    ['a tool call, with the wrong reason', completion({ tool_calls: [toolCall] }), false],
    ['filtered', completion({ content: '' }, 'content_filter'), false],
    ['cut short at its limit of tokens', completion({ content: '' }, 'length'), false],
  ])('is an empty answer where it is %s: %s', async (_title, body, isEmpty) => {
    expect(isEmptyAnswer(await answerOf(client, body))).toBe(isEmpty);
  });
});

describe('a chat completion of several choices', () => {
  it('is an empty answer where all of them are', async () => {
    const [silent] = completion({}).choices;
    const [speaking] = completion({ content: 'Hi' }).choices;
    const ofChoices = (...choices: readonly unknown[]) => answerOf(openAiClient, { ...completion({}), choices });
    expect(isEmptyAnswer(await ofChoices(silent, silent))).toBe(true);
    expect(isEmptyAnswer(await ofChoices(silent, speaking))).toBe(false);
  });
});

describe('a refusal', () => {
  const refused = completion({ refusal: 'I cannot help with that.' });

  it('is no empty answer', async () => {
    expect(isEmptyAnswer(await answerOf(openAiClient, refused))).toBe(false);
  });

  it('cannot be told from one where LangChain drops it', async () => {
    const answer = await answerOf(langChainClient, refused);
    expect(JSON.stringify(answer)).not.toContain('I cannot help');
    expect(isEmptyAnswer(answer)).toBe(true);
  });
});

const response = (output: readonly object[], statusOfResponse = 'completed') => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'any',
  status: statusOfResponse,
  output,
});
const reply = (part: object) => ({ id: 'm', type: 'message', role: 'assistant', status: 'completed', content: [part] });

describe("OpenAI's response", () => {
  it.each<[string, object, boolean]>([
    ['without output', response([]), true],
    ['of thoughts alone', response([{ id: 'r', type: 'reasoning', summary: [] }]), true],
    ['of a text without words', response([reply({ type: 'output_text', text: '', annotations: [] })]), true],
    ['with a refusal', response([reply({ type: 'refusal', refusal: 'No.' })]), false],
    ['with a tool call', response([{ type: 'function_call', call_id: 'c', name: 'look', arguments: '{}' }]), false],
    ['that is incomplete', response([], 'incomplete'), false],
    ['that is still made', response([], 'in_progress'), false],
  ])('is an empty answer %s: %s', async (_title, body, isEmpty) => {
    expect(isEmptyAnswer(await answerOf(openAiResponsesClient, body))).toBe(isEmpty);
  });
});

const message = (content: readonly object[], stop_reason: string | null) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'any',
  content,
  stop_reason,
  usage: { input_tokens: 1, output_tokens: 0 },
});

describe("Anthropic's message", () => {
  it.each<[string, object, boolean]>([
    ['without content', message([], 'end_turn'), true],
    ['that stopped at a stop sequence', message([], 'stop_sequence'), true],
    ['of thoughts alone', message([{ type: 'thinking', thinking: 'Hm.', signature: '' }], 'end_turn'), true],
    ['with a tool call', message([{ type: 'tool_use', id: 't', name: 'look', input: {} }], 'tool_use'), false],
    ['that is refused', message([], 'refusal'), false],
    ['that is cut short', message([], 'max_tokens'), false],
    ['that is paused', message([], 'pause_turn'), false],
  ])('is an empty answer %s: %s', async (_title, body, isEmpty) => {
    expect(isEmptyAnswer(await answerOf(anthropicClient, body))).toBe(isEmpty);
  });
});

const content = (parts: readonly object[] | undefined, finishReason: string) => ({
  candidates: [{ content: { role: 'model', ...(parts ? { parts } : {}) }, finishReason, index: 0 }],
  usageMetadata: { promptTokenCount: 1 },
  modelVersion: 'any',
});

describe("Google's content", () => {
  it.each<[string, object, boolean]>([
    ['without parts', content(undefined, 'STOP'), true],
    ['of an empty text', content([{ text: '' }], 'STOP'), true],
    ['of thoughts alone', content([{ text: 'Hm.', thought: true }], 'STOP'), true],
    ['without candidates', { usageMetadata: { promptTokenCount: 1 }, modelVersion: 'any' }, true],
    ['with a tool call', content([{ functionCall: { name: 'look', args: {} } }], 'STOP'), false],
    ['that is unsafe', content(undefined, 'SAFETY'), false],
    ['that is cut short', content(undefined, 'MAX_TOKENS'), false],
    [
      'of a prompt that is blocked',
      { promptFeedback: { blockReason: 'SAFETY' }, modelVersion: 'any', usageMetadata: {} },
      false,
    ],
  ])('is an empty answer %s: %s', async (_title, body, isEmpty) => {
    expect(isEmptyAnswer(await answerOf(geminiClient, body))).toBe(isEmpty);
  });
});

describe("an AI SDK model's own result", () => {
  it.each<[string, object, boolean]>([
    ['of version 4', { content: [], finishReason: { unified: 'stop', raw: 'stop' } }, true],
    ['of version 2', { content: [], finishReason: 'stop' }, true],
    ['with a text', { content: [{ type: 'text', text: 'Hi' }], finishReason: { unified: 'stop' } }, false],
    ['that is filtered', { content: [], finishReason: { unified: 'content-filter' } }, false],
  ])('is an empty answer %s: %s', (_title, result, isEmpty) => {
    expect(isEmptyAnswer(result)).toBe(isEmpty);
  });
});

describe('a result that is not known', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', ''],
    ['an array', []],
    ['an object', {}],
    ['a response of fetch', new Response('')],
    ["a message of another's", new AIMessage('')],
    ['a chunk of a stream', { object: 'chat.completion.chunk', choices: [] }],
    ['an answer that is not finished', completion({}, null)],
    ["a user's message", { ...message([], 'end_turn'), role: 'user' }],
    ["a tool's message", { type: 'tool', content: '', response_metadata: { finish_reason: 'stop' } }],
  ])('is no empty answer: %s', (_title, result) => {
    expect(isEmptyAnswer(result)).toBe(false);
  });

  it('is not read where reading starts something, as it does on a stream of the AI SDK', () => {
    const stream = {
      get finishReason(): never {
        throw new Error('read');
      },
      fullStream: [],
    };
    const read: string[] = [];
    const watched = new Proxy(stream, {
      get: (target, name) => {
        if (name in target) read.push(`${String(name)}`);
        return Reflect.get(target, name);
      },
    });
    expect(isEmptyAnswer(watched)).toBe(false);
    expect(read).toEqual([]);
  });

  it("is a real stream of the AI SDK's", async () => {
    const result = streamText({ model: new MockLanguageModelV4(), prompt: 'Say something.', onError: () => {} });
    expect(isEmptyAnswer(result)).toBe(false);
  });

  it('may be a proxy that throws', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isEmptyAnswer(proxy)).toBe(false);
  });
});
