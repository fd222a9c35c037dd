import { createBreaker } from 'agent-circuit-breaker';
import * as ai from 'ai';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { failoverModel } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { commitSuite } from './commit-suite.ts';
import { ai6Sdk, ai7Sdk, readAll } from './sdk.ts';

commitSuite(ai7Sdk);
commitSuite(ai6Sdk);

async function setUp(fault?: Fault) {
  const a = await startTestProvider({ ...(fault && { fault }), reply: 'from the first model' });
  const b = await startTestProvider({ reply: 'from b' });
  const [first, second] = ['a', 'b'].map((name) => createBreaker({ name, ...modelCalls() }));
  if (!first || !second) return expect.unreachable();
  const model = failoverModel(
    [
      { model: ai7Sdk.model(a.baseUrl, 'model-a'), breaker: first },
      { model: ai7Sdk.model(b.baseUrl, 'model-b'), breaker: second },
    ],
    { idleTimeout: 300 },
  );
  return { a, b, model };
}

const silent = { onError: () => {} };

describe('streamRetries of streamText', () => {
  it.each<Fault>([
    { kind: 'stall', afterChunks: 2 },
    { kind: 'cutOff', afterChunks: 2 },
    { kind: 'cutOff', afterChunks: 2, abrupt: true },
    { kind: 'streamError', afterChunks: 2 },
  ])('S-93 begin at the next model, whose text is whole by itself: %o', async (fault) => {
    const { a, b, model } = await setUp(fault);
    const result = ai.streamText({ model, prompt: 'Hello', streamRetries: 1, maxRetries: 0, ...silent });
    const { text, types } = await readAll(result.fullStream);
    expect(text).toBe('from thefrom b');
    expect(types.filter((type) => type === 'text-start' || type === 'text-end')).toEqual([
      ...['text-start', 'text-end', 'text-start', 'text-end'],
    ]);
    expect(await result.text).toBe('from b');
    expect([a.requestCount, b.requestCount]).toEqual([1, 1]);
  });

  it('begin at the next model once, and for the same prompt only', async () => {
    const { a, b, model } = await setUp({ kind: 'streamError', afterChunks: 2 });
    const read = (prompt: string) => readAll(ai.streamText({ model, prompt, maxRetries: 0, ...silent }).fullStream);
    expect((await read('Hello')).errors).toHaveLength(1);
    a.setFault(undefined);
    expect((await read('Something else')).text).toBe('from the first model');
    expect((await read('Hello')).text).toBe('from b');
    expect((await read('Hello')).text).toBe('from the first model');
    expect([a.requestCount, b.requestCount]).toEqual([3, 1]);
  });
});

describe('a model that is only named', () => {
  it('is that of the default provider', async () => {
    const provider = await startTestProvider({ reply: 'by its name' });
    Reflect.set(globalThis, 'AI_SDK_DEFAULT_PROVIDER', {
      languageModel: (id: string) => ai7Sdk.model(provider.baseUrl, id),
    });
    onTestFinished(() => {
      Reflect.deleteProperty(globalThis, 'AI_SDK_DEFAULT_PROVIDER');
    });
    const breaker = createBreaker(modelCalls());
    const model = failoverModel([{ model: 'openai/gpt-5', breaker }, 'anthropic/claude']);
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'local.chat', modelId: 'openai/gpt-5' });
    expect((await ai.generateText({ model, prompt: 'Hello' })).text).toBe('by its name');
    expect((await readAll(ai.streamText({ model, prompt: 'Hello' }).fullStream)).text).toBe('by its name');
    expect(provider.requests.map(({ body }) => body)).toMatchObject([
      { model: 'openai/gpt-5' },
      { model: 'openai/gpt-5' },
    ]);
    expect(breaker.metrics().successes).toBe(2);
  });

  it("is that of the SDK's gateway where there is none", async () => {
    const { b } = await setUp();
    const breaker = createBreaker({ name: 'gateway', ...modelCalls() });
    const kinds: unknown[] = [];
    const model = failoverModel([{ model: 'openai/gpt-5', breaker }, ai7Sdk.model(b.baseUrl)], {
      onServed: ({ left }) => kinds.push(...left.map(({ kind }) => kind)),
    });
    expect(model).toMatchObject({ specificationVersion: 'v4', provider: 'gateway', modelId: 'openai/gpt-5' });
    // Without a key, it says so and asks nobody.
    expect((await ai.generateText({ model, prompt: 'Hello' })).text).toBe('from b');
    expect([kinds, breaker.state]).toEqual([['auth'], 'open']);
  });
});
