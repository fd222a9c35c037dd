import Anthropic from '@anthropic-ai/sdk';
import type { CircuitBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { expect, onTestFinished, vi } from 'vitest';
import type { Provider } from '../../../examples/provider/index.ts';
import { anthropicBreaker } from '../../../src/anthropic.ts';
import { breakerFetch, type GuardOptions } from '../../../src/fetch.ts';
import { anthropicQuestion, type CallOptions, openAiQuestion } from '../../provider/vendors.ts';

/** A client whose requests go through a breaker, reduced to what the shared tests do with it. */
export interface GuardedClient {
  /** Asks for a plain answer and gives its text. */
  ask(options?: CallOptions): Promise<string>;
  /** Asks for a stream; its items are texts. */
  stream(options?: CallOptions): Promise<AsyncIterable<string>>;
}

/** What a client is made of. */
export interface GuardedClientOptions extends GuardOptions {
  readonly provider: Pick<Provider, 'baseUrl'>;
  readonly breaker: CircuitBreaker;
  /** @default 0 */
  readonly maxRetries?: number;
}

/** Makes a client with a breaker. */
export type CreateGuardedClient = (options: GuardedClientOptions) => GuardedClient;

/** The real OpenAI client, with `breakerFetch`. */
export const createGuardedOpenAi: CreateGuardedClient = ({ provider, breaker, maxRetries = 0, ...options }) => {
  const fetch = breakerFetch(breaker, { onOpen: 'response', ...options });
  const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'any', maxRetries, fetch });
  return {
    async ask(callOptions) {
      const answer = await client.chat.completions.create(openAiQuestion, callOptions);
      return answer.choices[0]?.message.content ?? '';
    },
    async stream(callOptions) {
      const stream = await client.chat.completions.create({ ...openAiQuestion, stream: true }, callOptions);
      return textsOf(stream, (chunk) => chunk.choices[0]?.delta.content ?? '');
    },
  };
};

/** The real Anthropic client, with `anthropicBreaker`. */
export const createGuardedAnthropic: CreateGuardedClient = ({ provider, breaker, maxRetries = 0, ...options }) => {
  const middleware = [anthropicBreaker(breaker, options)];
  const client = new Anthropic({ baseURL: provider.baseUrl, apiKey: 'any', maxRetries, middleware });
  return {
    async ask(callOptions) {
      const answer = await client.messages.create(anthropicQuestion, callOptions);
      return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    },
    async stream(callOptions) {
      const stream = await client.messages.create({ ...anthropicQuestion, stream: true }, callOptions);
      return textsOf(stream, (event) =>
        event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
      );
    },
  };
};

/** Reads a stream to its end. */
export async function readText(stream: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of stream) text += part;
  return text;
}

/** Waits until no request is under way at the breaker, and the provider has no connection that is in use. */
export async function expectNothingOpen(provider: Provider, breaker: CircuitBreaker): Promise<void> {
  await vi.waitFor(() => expect(breaker.metrics().inFlight).toBe(0));
  await vi.waitFor(() => expect(provider.requests.at(-1)?.aborted).toBe(true));
}

/** Fails the running test if a promise is rejected that nobody handles. */
export function watchUnhandledRejections(): readonly unknown[] {
  const reasons: unknown[] = [];
  const listen = (reason: unknown) => reasons.push(reason);
  process.on('unhandledRejection', listen);
  onTestFinished(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(reasons).toEqual([]);
  });
  return reasons;
}

async function* textsOf<T>(stream: AsyncIterable<T>, toText: (item: T) => string): AsyncIterable<string> {
  for await (const item of stream) yield toText(item);
}
