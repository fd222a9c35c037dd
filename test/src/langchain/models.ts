import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { ChatOpenAI } from '@langchain/openai';
import { tool } from 'langchain';
import { expect, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { type Provider, type ProviderOptions, startProvider } from '../../../examples/provider/index.ts';

/** The text of a good answer. */
export const reply = 'The quick brown fox jumps over the lazy dog.';

/** What every test asks. */
export const question = { messages: [{ role: 'user', content: 'Say something.' }] };

/** A fault of the provider. */
export const overloaded = { kind: 'status', status: 503 } as const;

/** Starts a provider that stops with the running test. */
export async function startTestProvider(options?: ProviderOptions): Promise<Provider> {
  const provider = await startProvider(options);
  onTestFinished(() => provider.stop());
  return provider;
}

/** The real model of OpenAI, which asks the provider and does not retry. */
export function createModel(provider: Provider, model = 'gpt-test', timeout?: number): ChatOpenAI {
  const configuration = { baseURL: `${provider.baseUrl}/v1` };
  return new ChatOpenAI({ model, apiKey: 'any', maxRetries: 0, configuration, ...(timeout && { timeout }) });
}

/** A model that calls the tool `search` until it is answered, then says what it was answered. */
export class ToolCallingModel extends FakeListChatModel {
  /** What the model was told by the tool, as it was asked for the last time. */
  readonly heard: string[] = [];
  readonly #toolName: string;

  constructor(toolName = 'search') {
    super({ responses: [''] });
    this.#toolName = toolName;
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]) {
    const last = messages.at(-1);
    const text = last?.text ?? '';
    if (last?.type === 'tool') this.heard.push(text);
    const call = {
      name: this.#toolName,
      args: { query: 'weather' },
      id: `call-${messages.length}`,
      type: 'tool_call',
    } as const;
    const message =
      last?.type === 'tool' ? new AIMessage(`I heard: ${text}`) : new AIMessage({ content: '', tool_calls: [call] });
    return { generations: [{ text: message.text, message }] };
  }
}

/** A tool that does what the test says. */
export function createSearch(search: (query: string) => unknown) {
  return tool(async ({ query }: { query: string }) => search(query), {
    name: 'search',
    description: 'Searches.',
    schema: z.object({ query: z.string() }),
  });
}

/** Fails the running test where a promise is rejected and nobody cares; call it first. */
export function expectNoUnhandledRejections(): void {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  onTestFinished(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
}
