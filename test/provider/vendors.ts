import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { type Provider, type ProviderOptions, startProvider } from '../../examples/provider/index.ts';

/** What one call may be told. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The SDK's own timeout, in milliseconds. */
  readonly timeout?: number;
  readonly maxRetries?: number;
}

/** What a consumer of a stream has seen when the loop is over. */
export interface StreamOutcome {
  readonly text: string;
  readonly itemCount: number;
  /** What the loop threw; `undefined` when it just ended. */
  readonly error: unknown;
}

/** A vendor's real SDK, reduced to what the shared tests do with it. */
export interface Vendor {
  readonly name: string;
  readonly errors: {
    readonly connection: new (options: { message?: string; cause?: Error }) => Error;
    readonly timeout: new (options?: { message?: string }) => Error;
    readonly userAbort: new (options?: { message?: string }) => Error;
  };
  /** Asks for a plain answer and gives its text. */
  ask(provider: Provider, options?: CallOptions): Promise<string>;
  /** Asks for a stream and reads it to its end. */
  readStream(provider: Provider, options?: CallOptions, onItem?: (item: object) => void): Promise<StreamOutcome>;
}

/** The text of a good answer. */
export const reply = 'The quick brown fox jumps over the lazy dog.';

/** Makes an OpenAI client that does not retry. */
export function createOpenAi(provider: Provider): OpenAI {
  return new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'any', maxRetries: 0 });
}

/** Makes an Anthropic client that does not retry. */
export function createAnthropic(provider: Provider): Anthropic {
  return new Anthropic({ baseURL: provider.baseUrl, apiKey: 'any', maxRetries: 0 });
}

/** What every test asks OpenAI. */
export const openAiQuestion = {
  model: 'gpt-test',
  messages: [{ role: 'user', content: 'Say something.' }],
} satisfies OpenAI.ChatCompletionCreateParams;

/** What every test asks Anthropic. */
export const anthropicQuestion = {
  model: 'claude-test',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Say something.' }],
} satisfies Anthropic.MessageCreateParams;

/** OpenAI through its SDK. */
export const openAiVendor: Vendor = {
  name: 'openai',
  errors: {
    connection: OpenAI.APIConnectionError,
    timeout: OpenAI.APIConnectionTimeoutError,
    userAbort: OpenAI.APIUserAbortError,
  },
  async ask(provider, options) {
    const answer = await createOpenAi(provider).chat.completions.create(openAiQuestion, options);
    return answer.choices[0]?.message.content ?? '';
  },
  readStream(provider, options, onItem) {
    return readAll(
      () => createOpenAi(provider).chat.completions.create({ ...openAiQuestion, stream: true }, options),
      (chunk) => chunk.choices[0]?.delta.content ?? '',
      onItem,
    );
  },
};

/** Anthropic through its SDK. */
export const anthropicVendor: Vendor = {
  name: 'anthropic',
  errors: {
    connection: Anthropic.APIConnectionError,
    timeout: Anthropic.APIConnectionTimeoutError,
    userAbort: Anthropic.APIUserAbortError,
  },
  async ask(provider, options) {
    const answer = await createAnthropic(provider).messages.create(anthropicQuestion, options);
    return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  },
  readStream(provider, options, onItem) {
    return readAll(
      () => createAnthropic(provider).messages.create({ ...anthropicQuestion, stream: true }, options),
      (event) => (event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : ''),
      onItem,
    );
  },
};

/** Both vendors, for tests of what they share. */
export const vendors: readonly Vendor[] = [openAiVendor, anthropicVendor];

/** Starts a provider that stops with the running test. */
export async function startTestProvider(options?: ProviderOptions): Promise<Provider> {
  const provider = await startProvider(options);
  onTestFinished(() => provider.stop());
  return provider;
}

/** Gives what a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`Expected a rejection, got ${JSON.stringify(outcome.value)}`);
}

async function readAll<Item extends object>(
  open: () => PromiseLike<AsyncIterable<Item>>,
  toText: (item: Item) => string,
  onItem: ((item: object) => void) | undefined,
): Promise<StreamOutcome> {
  let text = '';
  let itemCount = 0;
  try {
    for await (const item of await open()) {
      text += toText(item);
      itemCount += 1;
      onItem?.(item);
    }
    return { text, itemCount, error: undefined };
  } catch (error) {
    return { text, itemCount, error };
  }
}
