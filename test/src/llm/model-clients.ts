import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import { generateText as generateText6, streamText as streamText6 } from 'ai6';
import OpenAI from 'openai';
import type { Provider } from '../../../examples/provider/index.ts';

/** Where a provider is. */
export type ProviderAddress = Pick<Provider, 'baseUrl'>;

/** What one call may be told. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  /** The client's own timeout, in milliseconds. */
  readonly timeoutMs?: number;
  /** @default 0 */
  readonly maxRetries?: number;
}

/** A vendor's or library's real client. */
export interface ModelClient {
  readonly name: string;
  /** Asks for an answer; resolves with what the client returns. */
  ask(provider: ProviderAddress, options?: AskOptions): Promise<unknown>;
  /** Asks for a stream and reads it to its end; rejects with what its reader is told. */
  readStream(provider: ProviderAddress, options?: AskOptions): Promise<unknown>;
}

const model = 'model-test';
const prompt = 'Say something.';
const messages = [{ role: 'user' as const, content: prompt }];

/** OpenAI's chat completions. */
export const openAiClient: ModelClient = {
  name: 'openai',
  ask: (provider, options) => openAi(provider, options).chat.completions.create({ model, messages }, signalOf(options)),
  readStream: async (provider, options) =>
    readAll(
      await openAi(provider, options).chat.completions.create({ model, messages, stream: true }, signalOf(options)),
    ),
};

/** OpenAI's responses. */
export const openAiResponsesClient: ModelClient = {
  name: 'openai responses',
  ask: (provider, options) => openAi(provider, options).responses.create({ model, input: prompt }, signalOf(options)),
  readStream: async (provider, options) =>
    readAll(
      await openAi(provider, options).responses.create({ model, input: prompt, stream: true }, signalOf(options)),
    ),
};

/** Anthropic's messages. */
export const anthropicClient: ModelClient = {
  name: '@anthropic-ai/sdk',
  ask: (provider, options) =>
    anthropic(provider, options).messages.create({ model, messages, max_tokens: 100 }, signalOf(options)),
  readStream: async (provider, options) =>
    readAll(
      await anthropic(provider, options).messages.create(
        { model, messages, max_tokens: 100, stream: true },
        signalOf(options),
      ),
    ),
};

/** Google's generateContent. */
export const geminiClient: ModelClient = {
  name: '@google/genai',
  ask: (provider, options) => gemini(provider).models.generateContent(geminiQuestion(options)),
  readStream: async (provider, options) =>
    readAll(await gemini(provider).models.generateContentStream(geminiQuestion(options))),
};

/** LangChain over OpenAI's chat completions. */
export const langChainClient: ModelClient = {
  name: '@langchain/openai',
  ask: (provider, options) => langChain(provider, options).invoke(prompt, signalOf(options)),
  readStream: async (provider, options) =>
    readAll(await langChain(provider, options).stream(prompt, signalOf(options))),
};

/** The AI SDK, version 7, over an OpenAI-compatible provider. */
export const aiClient: ModelClient = {
  name: 'ai 7',
  ask: (provider, options) => generateText({ model: aiModel(provider), ...aiQuestion(options) }),
  readStream(provider, options) {
    return new Promise((resolve, reject) => {
      const { textStream } = streamText({
        model: aiModel(provider),
        ...aiQuestion(options),
        onError: ({ error }) => reject(error),
      });
      readAll(textStream).then(resolve, reject);
    });
  },
};

/** The AI SDK, version 6, over the same provider, which differs only in the version that it names. */
export const ai6Client: ModelClient = {
  name: 'ai 6',
  ask: (provider, options) => generateText6({ model: ai6Model(provider), ...aiQuestion(options) }),
  readStream(provider, options) {
    return new Promise((resolve, reject) => {
      const { textStream } = streamText6({
        model: ai6Model(provider),
        ...aiQuestion(options),
        onError: ({ error }) => reject(error),
      });
      readAll(textStream).then(resolve, reject);
    });
  },
};

function openAi(provider: ProviderAddress, options: AskOptions = {}): OpenAI {
  const { maxRetries = 0, timeoutMs } = options;
  return new OpenAI({
    baseURL: `${provider.baseUrl}/v1`,
    apiKey: 'any',
    maxRetries,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
}

function anthropic(provider: ProviderAddress, options: AskOptions = {}): Anthropic {
  const { maxRetries = 0, timeoutMs } = options;
  return new Anthropic({
    baseURL: provider.baseUrl,
    apiKey: 'any',
    maxRetries,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
}

function gemini(provider: ProviderAddress): GoogleGenAI {
  return new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: provider.baseUrl } });
}

function geminiQuestion({ signal, timeoutMs }: AskOptions = {}) {
  return {
    model,
    contents: prompt,
    config: {
      ...(signal ? { abortSignal: signal } : {}),
      ...(timeoutMs === undefined ? {} : { httpOptions: { timeout: timeoutMs } }),
    },
  };
}

function langChain(provider: ProviderAddress, options: AskOptions = {}): ChatOpenAI {
  const { maxRetries = 0, timeoutMs } = options;
  return new ChatOpenAI({
    model,
    apiKey: 'any',
    maxRetries,
    configuration: { baseURL: `${provider.baseUrl}/v1` },
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
}

function aiModel(provider: ProviderAddress) {
  return createOpenAICompatible({ name: 'any', baseURL: `${provider.baseUrl}/v1`, apiKey: 'any' })(model);
}

function ai6Model(provider: ProviderAddress) {
  const of7 = aiModel(provider);
  return {
    specificationVersion: 'v3' as const,
    provider: of7.provider,
    modelId: of7.modelId,
    supportedUrls: of7.supportedUrls,
    // By reflection: the types of the two versions differ in parts that are not used here.
    doGenerate: (options: object) => Reflect.apply(Reflect.get(of7, 'doGenerate'), of7, [options]),
    doStream: (options: object) => Reflect.apply(Reflect.get(of7, 'doStream'), of7, [options]),
  };
}

function aiQuestion({ signal, timeoutMs, maxRetries = 0 }: AskOptions = {}) {
  return {
    prompt,
    maxRetries,
    ...(signal ? { abortSignal: signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  };
}

function signalOf({ signal }: AskOptions = {}) {
  return signal ? { signal } : {};
}

async function readAll<Item>(stream: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
