import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createBreaker } from 'agent-circuit-breaker';
import * as ai from 'ai';
import { MockEmbeddingModelV4 } from 'ai/test';
import * as ai6 from 'ai6';
import { createOpenAICompatible as createForAi6 } from 'ai6-openai-compatible';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { failoverEmbeddingModel, failoverModel, modelMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';
import { startKindsServer } from './kinds-server.ts';

const value = 'Hello';
const ofItself = { value, maxRetries: 2 };
const broken = { status: 503, headers: { 'retry-after-ms': '1' } };
const throttled = { status: 429, headers: { 'retry-after': '20' } };
const createTestBreaker = (failureThreshold = 5) => createBreaker({ failureThreshold, ...modelCalls() });
const modelOf = (baseUrl: string) =>
  createOpenAICompatible({ name: 'local', baseURL: `${baseUrl}/v1` }).embeddingModel('any');
const modelOf6 = (baseUrl: string) => createForAi6({ name: 'local', baseURL: `${baseUrl}/v1` }).embeddingModel('any');

const versions = [
  {
    name: 'ai 7',
    embed: ([a, b]: readonly [string, string], [c, d] = [createTestBreaker(), createTestBreaker()]) => {
      const model = failoverEmbeddingModel([
        { model: modelOf(a), breaker: c },
        ai.wrapEmbeddingModel({ model: modelOf(b), middleware: modelMiddleware(d) }),
      ]);
      return ai.embed({ model, ...ofItself });
    },
  },
  {
    name: 'ai 6',
    embed: ([a, b]: readonly [string, string], [c, d] = [createTestBreaker(), createTestBreaker()]) => {
      const model = failoverEmbeddingModel([
        { model: modelOf6(a), breaker: c },
        ai6.wrapEmbeddingModel({ model: modelOf6(b), middleware: modelMiddleware(d) }),
      ]);
      return ai6.embed({ model, ...ofItself });
    },
  },
];

describe.each(versions)('failoverEmbeddingModel with $name', ({ embed }) => {
  it('S-94 asks the next one after a failure, and skips one whose circuit is open', async () => {
    const [first, second] = [await startKindsServer(broken), await startKindsServer()];
    const breakers = [createTestBreaker(1), createTestBreaker()] as const;
    for (let call = 0; call < 2; call++)
      expect(await embed([first.baseUrl, second.baseUrl], [...breakers])).toMatchObject({ embedding: [1, 0, 0] });
    expect([first.requestedAt.length, second.requestedAt.length]).toEqual([1, 2]);
    expect(breakers.map((breaker) => breaker.metrics())).toMatchObject([{ failures: 1 }, { successes: 2 }]);
  });

  it('S-94, S-90 ends where none can be asked any more, by a copy that is not retried', async () => {
    const [first, second] = [await startKindsServer(throttled), await startKindsServer(throttled)];
    const error = await reasonOf(embed([first.baseUrl, second.baseUrl]));
    expect(error).toMatchObject({ statusCode: 429, isRetryable: false, cause: { isRetryable: true } });
    expect([first.requestedAt.length, second.requestedAt.length]).toEqual([1, 1]);
  });

  it('S-94 does not ask another one after a bad request', async () => {
    const [first, second] = [await startKindsServer({ status: 400 }), await startKindsServer()];
    expect(await reasonOf(embed([first.baseUrl, second.baseUrl]))).toMatchObject({ statusCode: 400 });
    expect([first.requestedAt.length, second.requestedAt.length]).toEqual([1, 0]);
  });
});

describe('failoverEmbeddingModel', () => {
  const mock = (options: ConstructorParameters<typeof MockEmbeddingModelV4>[0]) => new MockEmbeddingModelV4(options);
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'AI_SDK_DEFAULT_PROVIDER');
  });

  it('makes an embedding model of the same version as its members', () => {
    const url = 'http://127.0.0.1:1';
    const model = failoverEmbeddingModel([{ model: modelOf(url), breaker: createBreaker() }, modelOf(url)]);
    expectTypeOf(model).toExtend<ai.EmbeddingModel>();
    expectTypeOf(failoverEmbeddingModel([modelOf6(url)])).toExtend<ai6.EmbeddingModel>();
    expectTypeOf(failoverEmbeddingModel(['openai/text-embedding-3-small'])).toExtend<ai.EmbeddingModel>();
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'local.embedding', modelId: 'any' });
    expect(failoverEmbeddingModel([modelOf6(url)]).specificationVersion).toBe('v3');
  });

  it('takes as many values at once as all of them do, and calls beside each other if all of them allow it', async () => {
    const [few, many] = [mock({ maxEmbeddingsPerCall: 10 }), mock({ maxEmbeddingsPerCall: 50 })];
    const parallel = mock({ maxEmbeddingsPerCall: null, supportsParallelCalls: true });
    const model = failoverEmbeddingModel([{ model: many, breaker: createBreaker() }, few, parallel]);
    expect(await model.maxEmbeddingsPerCall).toBe(10);
    expect(await model.supportsParallelCalls).toBe(false);
    expect(await failoverEmbeddingModel([parallel]).maxEmbeddingsPerCall).toBeUndefined();
    expect(await failoverEmbeddingModel([parallel]).supportsParallelCalls).toBe(true);
  });

  it('takes names of models, as embed does', async () => {
    const embeddings = [[1, 0]];
    const found = mock({ doEmbed: async () => ({ embeddings, warnings: [] }) });
    const provider = ai.customProvider({ embeddingModels: { 'a/b': found } });
    Reflect.set(globalThis, 'AI_SDK_DEFAULT_PROVIDER', provider);
    const breaker = createBreaker();
    for (const entry of ['a/b', { model: 'a/b', breaker }])
      expect(await ai.embed({ model: failoverEmbeddingModel([entry]), value })).toMatchObject({ embedding: [1, 0] });
    expect(breaker.metrics().successes).toBe(1);
  });

  it('has a deadline for each entry, and tells who served', async () => {
    const slow = mock({ doEmbed: () => new Promise(() => {}) });
    const well = mock({ modelId: 'well', doEmbed: async () => ({ embeddings: [[1]], warnings: [] }) });
    const breaker = createBreaker({ failureThreshold: 1 });
    const served: unknown[] = [];
    const model = failoverEmbeddingModel([{ model: slow, breaker, timeout: 20 }, well], {
      onServed: ({ candidate, attempts }) => served.push([candidate.modelId, attempts]),
    });
    expect(await ai.embed({ model, value })).toMatchObject({ embedding: [1] });
    expect(served).toEqual([['well', 2]]);
    expect(breaker.metrics()).toMatchObject({ state: 'open', timeouts: 1 });
  });

  it('S-94 counts an answer that lacks vectors, which reaches its caller where nobody else can be asked', async () => {
    const lacking = mock({ doEmbed: async () => ({ embeddings: [], warnings: [] }) });
    const well = mock({ doEmbed: async ({ values }) => ({ embeddings: values.map(() => [1]), warnings: [] }) });
    const breaker = createBreaker(modelCalls());
    const entry = { model: lacking, breaker };
    expect(await ai.embed({ model: failoverEmbeddingModel([entry, well]), value })).toMatchObject({ embedding: [1] });
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0 });
    expect(await failoverEmbeddingModel([entry]).doEmbed({ values: ['a'] })).toMatchObject({ embeddings: [] });
    expect(await failoverEmbeddingModel([entry]).doEmbed({ values: [] })).toMatchObject({ embeddings: [] });
    expect(breaker.metrics()).toMatchObject({ failures: 2, successes: 1 });
  });

  it('S-94 refuses what is no embedding model, in its types, too, as failoverModel refuses what is no language model', () => {
    const breaker = createBreaker();
    const { imageModel, languageModel } = createOpenAICompatible({ name: 'local', baseURL: 'http://127.0.0.1:1' });
    const [image, language] = [imageModel('any'), languageModel('any')];
    const embedding = mock({});
    // @ts-expect-error An image model is no embedding model.
    expect(() => failoverEmbeddingModel([image])).toThrow('failoverEmbeddingModel wants models');
    // @ts-expect-error A language model is no embedding model.
    expect(() => failoverEmbeddingModel([{ model: language, breaker }])).toThrow(TypeError);
    // @ts-expect-error An embedding model is no language model.
    expect(() => failoverModel([{ model: embedding, breaker }])).toThrow('failoverModel wants models');
    // @ts-expect-error An image model is no language model, though it answers.
    expect(() => failoverModel([image])).toThrow(TypeError);
    expect(() => failoverEmbeddingModel([])).toThrow('failoverEmbeddingModel wants at least one model');
    expect(() => failoverEmbeddingModel([{ model: embedding, breaker, timeout: 0 }])).toThrow('timeout');
    expect(() => Reflect.apply(failoverEmbeddingModel, undefined, [[embedding], { idleTimeout: 5 }])).toThrow(
      'idleTimeout',
    );
  });
});
