import type { LanguageModelV4Middleware } from '@ai-sdk/provider';
import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { generateText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import type { LanguageModelMiddleware as Ai6Middleware } from 'ai6';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { AnswerFailedError, circuitBreakerMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';

const tokens = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const identity = { provider: 'scripted', modelId: 'model' };

interface Question {
  readonly prompt: string;
  readonly abortSignal?: AbortSignal | undefined;
}

describe('circuitBreakerMiddleware', () => {
  it('is a middleware of both versions of the specification', () => {
    const middleware = circuitBreakerMiddleware(createBreaker());
    expectTypeOf(middleware).toExtend<Ai6Middleware>();
    expectTypeOf(middleware).toExtend<Parameters<typeof wrapLanguageModel>[0]['middleware']>();
    const fourth: LanguageModelV4Middleware = { ...middleware, specificationVersion: 'v4' };
    expect(fourth.wrapStream).toBe(middleware.wrapStream);
  });

  it('guards a mock of the SDK', async () => {
    const breaker = createBreaker(modelCalls());
    const doGenerate = async () => ({
      content: [{ type: 'text' as const, text: 'Hello' }],
      finishReason: { unified: 'stop' as const, raw: 'stop' },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 1, text: 1, reasoning: 0 },
      },
      warnings: [],
    });
    const model = wrapLanguageModel({
      model: new MockLanguageModelV4({ doGenerate }),
      middleware: circuitBreakerMiddleware(breaker),
    });
    expect((await generateText({ model, prompt: 'Hello' })).text).toBe('Hello');
    expect(breaker.metrics().successes).toBe(1);
  });

  it('counts an answer with the finish reason error as a failure, and passes it on', async () => {
    const failures: unknown[] = [];
    const breaker = createBreaker({ name: 'model' });
    breaker.on('failure', (failure) => failures.push(failure));
    const answer = { content: [], finishReason: { unified: 'error', raw: undefined }, usage: tokens };
    const model = { ...identity, doGenerate: async () => answer };
    expect(await circuitBreakerMiddleware(breaker).wrapGenerate({ model, params: {} })).toBe(answer);
    expect(failures.map(AnswerFailedError.isInstance)).toEqual([true]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0 });
  });

  it('hands the parameters on as they are, but for the signal', async () => {
    const seen: unknown[] = [];
    const model = {
      ...identity,
      doGenerate: async (params: Question) => {
        seen.push(params);
        return {};
      },
    };
    const params: Question = { prompt: 'Hello' };
    await circuitBreakerMiddleware(createBreaker()).wrapGenerate({ model, params });
    expect(seen).toEqual([{ prompt: 'Hello', abortSignal: expect.any(AbortSignal) }]);
    expect(params).toEqual({ prompt: 'Hello' });
  });

  it.each([
    ['idleTimeout', 0],
    ['firstItemTimeout', Number.NaN],
    ['timeout', 1],
  ])('refuses the option %s: %o', (name, value) => {
    expect(() => circuitBreakerMiddleware(createBreaker(), Object.fromEntries([[name, value]]))).toThrow(name);
  });

  it('refuses what is neither a breaker nor a registry nor a function', () => {
    const choice: unknown = 'breaker';
    expect(() => Reflect.apply(circuitBreakerMiddleware, undefined, [choice])).toThrow(TypeError);
    expect(() => Reflect.apply(circuitBreakerMiddleware, undefined, [choice])).toThrow('was given "breaker"');
  });

  it('rejects when the function gives no breaker', async () => {
    const middleware = Reflect.apply(circuitBreakerMiddleware, undefined, [() => createBreakerRegistry()]);
    const model = { ...identity, doGenerate: async () => ({}) };
    expect(await reasonOf(middleware.wrapGenerate({ model, params: {} }))).toBeInstanceOf(TypeError);
  });
});
