import { CircuitBreakerOpenError, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { createAgent, modelFallbackMiddleware } from 'langchain';
import { describe, expect, it } from 'vitest';
import { circuitBreakerMiddleware } from '../../../src/langchain.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createModel, overloaded, question, reply, startTestProvider } from './models.ts';

describe('circuitBreakerMiddleware and the model', () => {
  it('leaves a provider alone that is overloaded, and comes back to it', async () => {
    const provider = await startTestProvider();
    const clock = createTestClock();
    const breaker = createBreaker({
      name: 'gpt',
      clock,
      failureThreshold: 2,
      recoveryTimeout: 30_000,
      ...modelCalls(),
    });
    const middleware = [circuitBreakerMiddleware({ model: breaker })];
    const agent = createAgent({ model: createModel(provider), tools: [], middleware });
    expect((await agent.invoke(question)).messages.at(-1)?.text).toBe(reply);

    provider.setFault(overloaded);
    await expect(agent.invoke(question)).rejects.toThrow('503');
    await expect(agent.invoke(question)).rejects.toThrow('503');
    expect([breaker.state, provider.requestCount]).toEqual(['open', 3]);
    for (let run = 0; run < 5; run++) {
      const error = await reasonOf(agent.invoke(question));
      expect(CircuitBreakerOpenError.find(error)).toMatchObject({ breaker: 'gpt', retryAfterMs: 30_000 });
    }
    expect(provider.requestCount).toBe(3);

    clock.advance(30_000);
    await expect(agent.invoke(question)).rejects.toThrow('503');
    expect([breaker.state, provider.requestCount]).toEqual(['open', 4]);
    provider.setFault(undefined);
    clock.advance(30_000);
    expect((await agent.invoke(question)).messages.at(-1)?.text).toBe(reply);
    expect([breaker.state, provider.requestCount]).toEqual(['closed', 5]);
  });

  it('counts an answer that is streamed to the end, and one that breaks off with an error', async () => {
    const provider = await startTestProvider();
    const breaker = createBreaker();
    const middleware = [circuitBreakerMiddleware({ model: breaker })];
    const agent = createAgent({ model: createModel(provider), tools: [], middleware });
    const run = async () => {
      let text = '';
      for await (const [chunk] of await agent.stream(question, { streamMode: 'messages' })) text += chunk.text;
      return text;
    };
    expect(await run()).toBe(reply);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1 });
    provider.setFault({ kind: 'streamError', afterChunks: 2 });
    await expect(run()).rejects.toThrow();
    expect(breaker.metrics()).toMatchObject({ calls: 2, failures: 1, inFlight: 0 });
  });

  it('counts an empty answer where failureResult says so', async () => {
    const provider = await startTestProvider({ fault: { kind: 'empty' } });
    const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
    const middleware = [circuitBreakerMiddleware({ model: breaker })];
    await createAgent({ model: createModel(provider), tools: [], middleware }).invoke(question);
    expect(breaker.state).toBe('open');
  });

  it("lets LangChain's own fallback go to the next model, each with its own breaker", async () => {
    const down = await startTestProvider({ fault: overloaded });
    const up = await startTestProvider();
    const breakers = createBreakerRegistry({ failureThreshold: 1 });
    const agent = createAgent({
      model: createModel(down, 'dear'),
      tools: [],
      middleware: [modelFallbackMiddleware(createModel(up, 'cheap')), circuitBreakerMiddleware({ model: breakers })],
    });
    for (let run = 0; run < 3; run++) expect((await agent.invoke(question)).messages.at(-1)?.text).toBe(reply);
    expect([down.requestCount, up.requestCount]).toEqual([1, 3]);
    expect([...breakers].map(([key, { state }]) => `${key} ${state}`)).toEqual(['dear open', 'cheap closed']);
  });

  it('names the breaker of a model that is given as a string by that string', async () => {
    const provider = await startTestProvider();
    const { initChatModel } = await import('langchain');
    const model = await initChatModel('openai:gpt-string', {
      ...{ apiKey: 'any', maxRetries: 0, configuration: { baseURL: `${provider.baseUrl}/v1` } },
    });
    const breakers = createBreakerRegistry();
    await createAgent({ model, tools: [], middleware: [circuitBreakerMiddleware({ model: breakers })] }).invoke(
      question,
    );
    expect([...breakers].map(([key]) => key)).toEqual(['gpt-string']);
  });

  it('asks a function for the breaker of a request, and makes a call that has none', async () => {
    const provider = await startTestProvider();
    const asked: number[] = [];
    const middleware = circuitBreakerMiddleware({
      model: (request) => {
        asked.push(request.messages.length);
        return undefined;
      },
    });
    await createAgent({ model: createModel(provider), tools: [], middleware: [middleware] }).invoke(question);
    expect([asked, provider.requestCount]).toEqual([[1], 1]);
  });

  it.each([
    ['model', { model: 'gpt' }],
    ['tools', { tools: {} }],
    ['toolErrors', { toolErrors: 'ignore' }],
    ['signal', { signal: {} }],
    ['breaker', { breaker: createBreaker() }],
  ])('refuses a wrong option: %s', (option, options) => {
    const build = () => Reflect.apply(circuitBreakerMiddleware, undefined, [options]);
    expect(build).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option }));
  });
});
