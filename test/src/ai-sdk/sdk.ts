import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import * as ai from 'ai';
import * as ai6 from 'ai6';
import { createOpenAICompatible as createForAi6 } from 'ai6-openai-compatible';
import type { CircuitBreakerMiddleware, FailoverEntry, FailoverModelOptions } from '../../../src/ai-sdk.ts';
import { failoverModel } from '../../../src/ai-sdk.ts';

/** What a call may be told. */
export interface AskOptions {
  readonly abortSignal?: AbortSignal;
  /** @default 0 */
  readonly maxRetries?: number;
}

/** What a consumer of `streamText` has seen. */
export interface Seen {
  readonly text: string;
  readonly types: readonly string[];
  /** The errors of its error parts, or what reading threw. */
  readonly errors: readonly unknown[];
}

/** A part of `streamText`, as far as it is looked at. */
export interface SeenPart {
  readonly type: string;
  readonly text?: string;
  readonly error?: unknown;
}

/** A version of the AI SDK with a provider for it, as far as the tests use them. */
export interface Sdk<Model> {
  readonly name: string;
  model(baseUrl: string, modelId?: string): Model;
  wrap(model: Model, middleware: CircuitBreakerMiddleware): Model;
  failover(entries: readonly FailoverEntry<Model>[], options?: FailoverModelOptions): Model;
  /** `generateText`; gives the text and which model answered. */
  ask(model: Model, options?: AskOptions): Promise<{ readonly text: string; readonly modelId: string }>;
  /** `streamText`. */
  stream(model: Model, options?: AskOptions): AsyncIterable<SeenPart>;
}

const prompt = 'Say something.';
const silent = { onError: () => {} };

/** Version 7. */
export const ai7Sdk: Sdk<ReturnType<typeof ai.wrapLanguageModel>> = {
  name: 'ai 7',
  model: (baseUrl, modelId = 'model-a') =>
    createOpenAICompatible({ name: 'local', baseURL: `${baseUrl}/v1`, includeUsage: true })(modelId),
  wrap: (model, middleware) => ai.wrapLanguageModel({ model, middleware }),
  failover: (entries, options) => failoverModel(entries, options),
  async ask(model, options) {
    const { text, response } = await ai.generateText({ model, prompt, maxRetries: 0, ...options });
    return { text, modelId: response.modelId };
  },
  stream: (model, options) => ai.streamText({ model, prompt, maxRetries: 0, ...silent, ...options }).fullStream,
};

/** Version 6. */
export const ai6Sdk: Sdk<ReturnType<typeof ai6.wrapLanguageModel>> = {
  name: 'ai 6',
  model: (baseUrl, modelId = 'model-a') =>
    createForAi6({ name: 'local', baseURL: `${baseUrl}/v1`, includeUsage: true })(modelId),
  wrap: (model, middleware) => ai6.wrapLanguageModel({ model, middleware }),
  failover: (entries, options) => failoverModel(entries, options),
  async ask(model, options) {
    const { text, response } = await ai6.generateText({ model, prompt, maxRetries: 0, ...options });
    return { text, modelId: response.modelId };
  },
  stream: (model, options) => ai6.streamText({ model, prompt, maxRetries: 0, ...silent, ...options }).fullStream,
};

/** Reads a stream to its end, or until it throws. */
export async function readAll(stream: AsyncIterable<SeenPart>, onPart?: (part: SeenPart) => void): Promise<Seen> {
  let text = '';
  const types: string[] = [];
  const errors: unknown[] = [];
  try {
    for await (const part of stream) {
      onPart?.(part);
      types.push(part.type);
      if (part.type === 'text-delta') text += part.text ?? '';
      if (part.type === 'error') errors.push(part.error);
    }
  } catch (error) {
    errors.push(error);
  }
  return { text, types, errors };
}
