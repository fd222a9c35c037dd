import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import * as ai from 'ai';
import * as mocks from 'ai/test';
import {
  Experimental_DecisionMockModelV4,
  Experimental_ExtractionMockModelV4,
  Experimental_MockSpeechTranslationModelV4,
  Experimental_MockStreamingSpeechModelV4,
  MockEmbeddingModelV3,
  MockImageModelV3,
  MockLanguageModelV3,
  MockRerankingModelV3,
  MockSpeechModelV3,
  MockTranscriptionModelV4,
  MockVideoModelV4,
} from 'ai/test';
import * as mocks6 from 'ai6/test';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { guardProvider } from '../../../src/ai-sdk.ts';
import { reasonOf } from '../../support/calls.ts';

const down = async () => {
  throw new Error('down');
};

/** A provider with the models that a test is about, and nothing of the SDK. */
function providerOf<Makers extends object>(makers: Makers) {
  return { specificationVersion: 'v4' as const, languageModel: () => new MockLanguageModelV3(), ...makers };
}

const audioFormat = { type: 'pcm' as const, sampleRate: 16_000 };

describe('guardProvider', () => {
  it.each([
    ['a language model', new MockLanguageModelV3({ doGenerate: down }), 'doGenerate'],
    ['a language model, streaming', new MockLanguageModelV3({ doStream: down }), 'doStream'],
    ['an embedding model', new MockEmbeddingModelV3({ doEmbed: down }), 'doEmbed'],
    ['an image model', new MockImageModelV3({ doGenerate: down }), 'doGenerate'],
    ['a speech model', new MockSpeechModelV3({ doGenerate: down }), 'doGenerate'],
    ['a streaming speech model', new Experimental_MockStreamingSpeechModelV4({ doStream: down }), 'doStream'],
    ['a speech translation model', new Experimental_MockSpeechTranslationModelV4({ doStream: down }), 'doStream'],
    ['a transcription model', new MockTranscriptionModelV4({ doGenerate: down }), 'doGenerate'],
    ['a transcription model, streaming', new MockTranscriptionModelV4({ doStream: down }), 'doStream'],
    ['a reranking model', new MockRerankingModelV3({ doRerank: down }), 'doRerank'],
    ['a video model', new MockVideoModelV4({ doGenerate: down }), 'doGenerate'],
    ['a video model that is asked to start', new MockVideoModelV4({ doStart: down }), 'doStart'],
    ['a video model that is asked how far it is', new MockVideoModelV4({ doStatus: down }), 'doStatus'],
    ['a decision model', new Experimental_DecisionMockModelV4({ doDecide: down }), 'doDecide'],
    ['a decision model by its old name', new Experimental_DecisionMockModelV4({ doDecide: down }), 'doEvaluate'],
    ['an extraction model', new Experimental_ExtractionMockModelV4({ doExtract: down }), 'doExtract'],
  ])('S-94 guards %s', async (_kind, model, call) => {
    const breaker = createBreaker({ failureThreshold: 1 });
    const guarded = guardProvider(providerOf({ any: (_id: string) => model }), breaker).any('any');
    expect(guarded.modelId).toBe(model.modelId);
    const ask = async () => Reflect.apply(Reflect.get(guarded, call), guarded, [{}]);
    expect(await reasonOf(ask())).toMatchObject({ message: 'down' });
    expect(await reasonOf(ask())).toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, rejected: 1, inFlight: 0 });
  });

  it('S-94 knows all that the SDK can wrap, and every call that its mocks of models can be asked for', async () => {
    const names = Object.keys(ai).filter((name) => /^wrap[A-Z]/.test(name));
    expect(names).toEqual(['wrapEmbeddingModel', 'wrapImageModel', 'wrapLanguageModel', 'wrapProvider']);
    const breaker = createBreaker();
    breaker.trip();
    const seen = new Set<string>();
    for (const Mock of [...Object.values(mocks), ...Object.values(mocks6)].filter(
      (mock) => typeof mock === 'function',
    )) {
      if (!/Mock\w*ModelV\d$/.test(Mock.name)) continue;
      const model: object = Reflect.construct(Mock, []);
      const guarded = guardProvider(providerOf({ any: () => model }), breaker).any();
      for (const call of [...Object.keys(model), ...Object.getOwnPropertyNames(Mock.prototype)]) {
        if (!/^do[A-Z]\w+$/.test(call) || call.endsWith('Calls') || Reflect.get(model, call) === undefined) continue;
        expect(await reasonOf(Reflect.apply(Reflect.get(guarded, call), guarded, [{}]))).toMatchObject({
          reason: 'open',
        });
        seen.add(call);
      }
    }
    expect([...seen].sort()).toEqual(
      ['doDecide', 'doEmbed', 'doEvaluate', 'doExtract', 'doGenerate', 'doRerank', 'doStream'].sort(),
    );
  });

  it.each([
    ['files', providerOf({ files: () => ({ specificationVersion: 'v4', provider: 'local', uploadFile: down }) })],
    ['batches', providerOf({ files: () => ({ specificationVersion: 'v4', provider: 'local', doStartBatch: down }) })],
    [
      'a call that is of no known kind',
      providerOf({ files: () => ({ specificationVersion: 'v4', provider: 'local', modelId: 'any', doDream: down }) }),
    ],
  ])('S-94 refuses %s when they are used, and says what to do', (_kind, provider) => {
    const breaker = createBreaker();
    const service = guardProvider(provider, breaker).files();
    expect(service).toMatchObject({ specificationVersion: 'v4', provider: 'local' });
    const used = Object.keys(service).at(-1) ?? '';
    expect(() => Reflect.apply(Reflect.get(service, used), service, [{}])).toThrow(TypeError);
    expect(() => Reflect.apply(Reflect.get(service, used), service, [{}])).toThrow(
      /guardProvider cannot guard .+ breakerFetch\./,
    );
    expect(breaker.metrics().calls).toBe(0);
  });

  it('S-94 lets no model out, however it is reached', async () => {
    const embedding = (_id: string) => new MockEmbeddingModelV3({ doEmbed: down });
    const provider = Object.assign(embedding, providerOf({ embedding, nested: { deep: { embedding } } }));
    const breaker = createBreaker({ failureThreshold: 1 });
    breaker.trip();
    const guarded = guardProvider(provider, breaker);
    const { embedding: unbound } = guarded;
    const ways = [
      guarded('any'),
      guarded.embedding('any'),
      unbound('any'),
      guarded.nested.deep.embedding('any'),
      guarded.embedding.bind(undefined)('any'),
      guarded.embedding.call(undefined, 'any'),
      ai
        .customProvider({
          fallbackProvider: guardProvider(ai.customProvider({ embeddingModels: { m: provider('m') } }), breaker),
        })
        .embeddingModel('m'),
      ai
        .createProviderRegistry({
          a: guardProvider(ai.customProvider({ embeddingModels: { m: provider('m') } }), breaker),
        })
        .embeddingModel('a:m'),
      guardProvider(
        ai.createProviderRegistry({ a: ai.customProvider({ embeddingModels: { m: provider('m') } }) }),
        breaker,
      ).embeddingModel('a:m'),
    ];
    for (const model of ways)
      expect(await reasonOf(ai.embed({ model, value: 'Hello', maxRetries: 0 }))).toMatchObject({ reason: 'open' });
  });

  it("S-94 guards what the SDK's own wrapProvider lets through", async () => {
    const provider = ai.customProvider({ embeddingModels: { m: new MockEmbeddingModelV3() } });
    const breaker = createBreaker();
    breaker.trip();
    const guarded = ai.wrapProvider({ provider: guardProvider(provider, breaker), languageModelMiddleware: [] });
    const model = guarded.embeddingModel('m');
    expect(await reasonOf(ai.embed({ model, value: 'Hello', maxRetries: 0 }))).toMatchObject({ reason: 'open' });
  });

  it('S-94 settles the stream of a speech model with its end, without limits', async () => {
    const stream = ai.simulateReadableStream({
      chunks: [
        { type: 'stream-start' as const, warnings: [] },
        { type: 'audio' as const, audio: 'AAAA', audioFormat },
        { type: 'finish' as const },
      ],
      chunkDelayInMs: 30,
    });
    const model = new Experimental_MockStreamingSpeechModelV4({ doStream: async () => ({ stream }) });
    const breaker = createBreaker();
    const provider = guardProvider(providerOf({ speechModel: () => model }), breaker, { idleTimeout: 1 });
    const result = ai.experimental_streamSpeech({ model: provider.speechModel(), text: 'Hello' });
    const types: string[] = [];
    for await (const { type } of result.fullStream) types.push(type);
    expect(types).toContain('audio');
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0, inFlight: 0 });
  });

  it('S-94 has the SDK load the audio that a model would load by itself', async () => {
    const doGenerateFromUrl = async () => undefined;
    const model = new MockTranscriptionModelV4({ doGenerate: down });
    Object.assign(model, { doGenerateFromUrl });
    const provider = guardProvider(providerOf({ transcriptionModel: () => model }), createBreaker());
    expect(provider.transcriptionModel().doGenerateFromUrl).toBeUndefined();
  });

  it('has a circuit for each model where it is given a registry', async () => {
    const registry = createBreakerRegistry({ failureThreshold: 1 });
    const embedding = (id: string) => new MockEmbeddingModelV3({ provider: 'local', modelId: id, doEmbed: down });
    const guarded = guardProvider(providerOf({ embedding }), registry);
    for (const id of ['a', 'b'])
      expect(await reasonOf(ai.embed({ model: guarded.embedding(id), value: 'x', maxRetries: 0 }))).toMatchObject({
        message: 'down',
      });
    expect(registry.get('local/a').state).toBe('open');
    expect(registry.get('local/b').state).toBe('open');
  });

  it('leaves alone what is no call: tools, lists, private fields, and what the SDK has put on a model', async () => {
    const marker = Symbol('of the SDK');
    class Model extends MockEmbeddingModelV3 {
      readonly [marker] = 5;
      readonly #limit = 7;
      get limit() {
        return this.#limit;
      }
    }
    class Provider {
      readonly #models = [new Model()];
      get first() {
        return this.#models[0];
      }
      languageModel(id: string) {
        return this.#models[0] ?? { provider: 'none', modelId: id };
      }
    }
    const ofClass = guardProvider(new Provider(), createBreaker());
    expect([ofClass.languageModel('any').provider, ofClass.first?.limit]).toEqual(['mock-provider', 7]);
    const tool = { type: 'provider' };
    const provider = providerOf({
      embedding: () => new Model(),
      tools: { search: () => tool },
      getAvailableModels: async () => ['any'],
    });
    const guarded = guardProvider(provider, createBreaker());
    expect(guarded.tools.search()).toBe(tool);
    expect(await guarded.getAvailableModels()).toEqual(['any']);
    expect(guarded.embedding()).toBeInstanceOf(Model);
    expect(guarded.embedding()[marker]).toBe(5);
    expect(guarded.embedding().limit).toBe(7);
    expectTypeOf(guarded).toEqualTypeOf(provider);
  });

  it('waits without limits for a streamed transcription, whose first word comes when it is spoken', async () => {
    const stream = ai.simulateReadableStream({ chunks: [{ type: 'finish' }], initialDelayInMs: 30 });
    const model = { provider: 'local', modelId: 'any', doStream: async () => ({ stream }) };
    const breaker = createBreaker();
    const limits = { firstItemTimeout: 1, idleTimeout: 1 };
    const guarded = guardProvider(providerOf({ transcriptionModel: () => model }), breaker, limits);
    const result = await guarded.transcriptionModel().doStream();
    expect(await result.stream.getReader().read()).toEqual({ done: false, value: { type: 'finish' } });
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
  });

  it.each([undefined, null, 5, {}, new MockEmbeddingModelV3()])('refuses what is no provider: %o', (provider) => {
    expect(() => Reflect.apply(guardProvider, undefined, [provider, createBreaker()])).toThrow(
      'guardProvider wants a provider of the AI SDK',
    );
  });

  it('refuses wrong choices and options, and says what is wrong', () => {
    const provider = providerOf({});
    expect(() => Reflect.apply(guardProvider, undefined, [provider, 'breaker'])).toThrow(
      'guardProvider wants a breaker',
    );
    for (const options of [{ idleTimeout: 0 }, { timeout: 5 }])
      expect(() => Reflect.apply(guardProvider, undefined, [provider, createBreaker(), options])).toThrow(
        Object.keys(options)[0],
      );
  });
});
