import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import * as ai from 'ai';
import * as ai6 from 'ai6';
import { createOpenAICompatible as createForAi6 } from 'ai6-openai-compatible';
import { guardProvider, type ModelMiddleware, modelMiddleware } from '../../../src/ai-sdk.ts';
import type { Breaker } from '../../../src/breaker/breaker.ts';

/** What a call may be told. */
export interface KindOptions {
  readonly maxRetries: number;
  readonly abortSignal?: AbortSignal;
}

/** A kind of model as one version of the SDK asks it, through a breaker and over HTTP. */
export interface Kind {
  readonly name: string;
  ask(baseUrl: string, breaker: Breaker, options: KindOptions): Promise<unknown>;
}

const prompt = 'Say something.';
const audio = new Uint8Array([0x49, 0x44, 0x33, 4]);
const toRerank = { documents: ['a', 'b'], query: 'a' };

/** A provider of OpenAI's make, bare. */
const compatible = (baseUrl: string) => createOpenAICompatible({ name: 'local', baseURL: `${baseUrl}/v1` });
const compatible6 = (baseUrl: string) => createForAi6({ name: 'local', baseURL: `${baseUrl}/v1` });
const gateway = (baseURL: string) => ai.createGateway({ baseURL, apiKey: 'any' });
const gateway6 = (baseURL: string) => ai6.createGateway({ baseURL, apiKey: 'any' });

/** Asks a model that the middleware guards. */
function wrapped<Made>(
  name: string,
  ask: (baseUrl: string, middleware: ModelMiddleware, options: KindOptions) => Promise<Made>,
): Kind {
  return { name, ask: (baseUrl, breaker, options) => ask(baseUrl, modelMiddleware(breaker), options) };
}

/** Asks a model of a provider that is guarded as a whole. */
function provided<Provider extends Parameters<typeof guardProvider>[0], Made>(
  name: string,
  create: (baseUrl: string) => Provider,
  ask: (provider: Provider, options: KindOptions) => Promise<Made>,
): Kind {
  return {
    name: `${name} of guardProvider`,
    ask: (baseUrl, breaker, options) => ask(guardProvider(create(baseUrl), breaker), options),
  };
}

/** Those of `ai` 7. */
const ofAi7: readonly Kind[] = [
  wrapped('embed, wrapped', (baseUrl, middleware, options) => {
    const model = ai.wrapEmbeddingModel({ model: compatible(baseUrl).embeddingModel('any'), middleware });
    return ai.embed({ model, value: prompt, ...options });
  }),
  wrapped('generateImage, wrapped', (baseUrl, middleware, options) => {
    const model = ai.wrapImageModel({ model: compatible(baseUrl).imageModel('any'), middleware });
    return ai.generateImage({ model, prompt, ...options });
  }),
  provided('generateText', compatible, (local, options) =>
    ai.generateText({ model: local('any'), prompt, ...options }),
  ),
  provided('embedMany', compatible, (local, options) =>
    ai.embedMany({ model: local.embeddingModel('any'), values: [prompt], ...options }),
  ),
  provided('generateImage', compatible, (local, options) =>
    ai.generateImage({ model: local.imageModel('any'), prompt, ...options }),
  ),
  provided('embed by the gateway', gateway, (local, options) =>
    ai.embed({ model: local.embeddingModel('any'), value: prompt, ...options }),
  ),
  provided('generateImage by the gateway', gateway, (local, options) =>
    ai.generateImage({ model: local.image('any'), prompt, ...options }),
  ),
  provided('generateSpeech', gateway, (local, options) =>
    ai.generateSpeech({ model: local.speech('any'), text: prompt, ...options }),
  ),
  provided('transcribe', gateway, (local, options) =>
    ai.transcribe({ model: local.transcription('any'), audio, ...options }),
  ),
  provided('rerank', gateway, (local, options) =>
    ai.rerank({ model: local.rerankingModel('any'), ...toRerank, ...options }),
  ),
];

/** Those of `ai` 6. */
const ofAi6: readonly Kind[] = [
  wrapped('embed, wrapped', (baseUrl, middleware, options) => {
    const model = ai6.wrapEmbeddingModel({ model: compatible6(baseUrl).embeddingModel('any'), middleware });
    return ai6.embed({ model, value: prompt, ...options });
  }),
  wrapped('generateImage, wrapped', (baseUrl, middleware, options) => {
    const model = ai6.wrapImageModel({ model: compatible6(baseUrl).imageModel('any'), middleware });
    return ai6.generateImage({ model, prompt, ...options });
  }),
  provided('generateText', compatible6, (local, options) =>
    ai6.generateText({ model: local('any'), prompt, ...options }),
  ),
  provided('embedMany', compatible6, (local, options) =>
    ai6.embedMany({ model: local.embeddingModel('any'), values: [prompt], ...options }),
  ),
  provided('generateImage', compatible6, (local, options) =>
    ai6.generateImage({ model: local.imageModel('any'), prompt, ...options }),
  ),
  provided('rerank', gateway6, (local, options) =>
    ai6.rerank({ model: local.rerankingModel('any'), ...toRerank, ...options }),
  ),
];

/** All of them, with the version in their names. */
export const kinds: readonly Kind[] = [
  ...ofAi7.map((kind) => ({ ...kind, name: `${kind.name}, ai 7` })),
  ...ofAi6.map((kind) => ({ ...kind, name: `${kind.name}, ai 6` })),
];
