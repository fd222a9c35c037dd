import { MemorySaver } from '@langchain/langgraph';
import { createBreaker } from 'agent-circuit-breaker';
import { createAgent } from 'langchain';
import { describe, expect, it, vi } from 'vitest';
import { circuitBreakerMiddleware } from '../../../src/langchain.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import {
  createModel,
  createSearch,
  expectNoUnhandledRejections,
  question,
  reply,
  startTestProvider,
  ToolCallingModel,
} from './models.ts';

/** An agent whose model never answers. */
async function startHanging(options = {}) {
  expectNoUnhandledRejections();
  const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
  const breaker = createBreaker({ ...modelCalls(), ...options });
  const middleware = [circuitBreakerMiddleware({ model: breaker })];
  return { provider, breaker, agent: createAgent({ model: createModel(provider), tools: [], middleware }) };
}

/** An agent whose tool never answers. */
function createWaiting(toolErrors: 'message' | 'throw') {
  expectNoUnhandledRejections();
  const search = vi.fn(() => new Promise(() => {}));
  const breaker = createBreaker();
  const middleware = [circuitBreakerMiddleware({ tools: breaker, toolErrors })];
  const agent = createAgent({ model: new ToolCallingModel(), tools: [createSearch(search)], middleware });
  return { search, breaker, agent };
}

describe('the signal of an agent', () => {
  it.each([
    ['an error', new Error('enough')],
    ['a string', 'stop'],
    ['nothing', undefined],
  ])('S-43 the caller aborting with %s is neutral, 50 times in a row', async (_title, reason) => {
    const { provider, breaker, agent } = await startHanging({ failureThreshold: 1 });
    for (let run = 1; run <= 50; run++) {
      const user = new AbortController();
      const error = reasonOf(agent.invoke(question, { signal: user.signal }));
      await vi.waitFor(() => expect(provider.requestCount).toBe(run), { interval: 1 });
      user.abort(reason);
      await error;
    }
    await vi.waitFor(() => expect(breaker.metrics().inFlight).toBe(0));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 50 });
  });

  it('S-43 an abort gives the slot of a trial back', async () => {
    const clock = createTestClock();
    const { provider, breaker, agent } = await startHanging({ clock, recoveryTimeout: 1_000 });
    breaker.trip();
    clock.advance(1_000);
    const user = new AbortController();
    const error = reasonOf(agent.invoke(question, { signal: user.signal }));
    await vi.waitFor(() => expect(provider.requestCount).toBe(1));
    await expect(agent.invoke(question)).rejects.toThrow('half-open');
    user.abort();
    await error;
    provider.setFault(undefined);
    expect((await agent.invoke(question)).messages.at(-1)?.text).toBe(reply);
    expect(breaker.state).toBe('closed');
  });

  it('S-44 AbortSignal.timeout() counts, alone and joined with a signal of the user', async () => {
    const { breaker, agent } = await startHanging();
    const signals = [AbortSignal.timeout(50), AbortSignal.any([new AbortController().signal, AbortSignal.timeout(50)])];
    for (const signal of signals) await reasonOf(agent.invoke(question, { signal }));
    expect(breaker.metrics()).toMatchObject({ failures: 2, cancelled: 0, inFlight: 0 });
  });

  it("S-44 the model's own timeout counts", async () => {
    expectNoUnhandledRejections();
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker({ ...modelCalls() });
    const model = createModel(provider, 'gpt-test', 30);
    const middleware = [circuitBreakerMiddleware({ model: breaker })];
    const user = new AbortController();
    await reasonOf(createAgent({ model, tools: [], middleware }).invoke(question, { signal: user.signal }));
    expect(breaker.metrics()).toMatchObject({ failures: 1, cancelled: 0, lastFailure: { kind: 'timeout' } });
  });

  it('S-45 a signal that is aborted already makes no call and counts nothing', async () => {
    const { provider, breaker, agent } = await startHanging();
    await reasonOf(agent.invoke(question, { signal: AbortSignal.abort() }));
    expect([provider.requestCount, breaker.metrics().calls]).toEqual([0, 0]);
  });

  it('S-43 the signal that createAgent was given is neutral, once the middleware is told of it', async () => {
    expectNoUnhandledRejections();
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker({ failureThreshold: 1 });
    const { signal, abort } = controls();
    const middleware = [circuitBreakerMiddleware({ model: breaker, signal })];
    const error = reasonOf(
      createAgent({ model: createModel(provider), tools: [], middleware, signal }).invoke(question),
    );
    await vi.waitFor(() => expect(provider.requestCount).toBe(1));
    abort();
    await error;
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 1 });
  });

  it.each(['message', 'throw'] as const)(
    'S-43 S-44 tells an abort of a tool from a timeout (%s)',
    async (toolErrors) => {
      const { search, breaker, agent } = createWaiting(toolErrors);
      const { signal, abort } = controls();
      const aborted = reasonOf(agent.invoke(question, { signal }));
      await vi.waitFor(() => expect(search).toHaveBeenCalledTimes(1));
      abort();
      await aborted;
      await vi.waitFor(() => expect(breaker.metrics()).toMatchObject({ failures: 0, cancelled: 1, inFlight: 0 }));
      await reasonOf(agent.invoke(question, { signal: AbortSignal.timeout(50) }));
      await vi.waitFor(() => expect(breaker.metrics()).toMatchObject({ failures: 1, cancelled: 1, inFlight: 0 }));
    },
  );

  it('keeps no message about an abort among those of the conversation', async () => {
    expectNoUnhandledRejections();
    const search = vi.fn(() => new Promise(() => {}));
    const { signal, abort } = controls();
    const middleware = [circuitBreakerMiddleware({ tools: createBreaker(), signal })];
    const checkpointer = new MemorySaver();
    const tools = [createSearch(search)];
    const agent = createAgent({ model: new ToolCallingModel(), tools, middleware, signal, checkpointer });
    const thread = { configurable: { thread_id: '1' } };
    const error = reasonOf(agent.invoke(question, thread));
    await vi.waitFor(() => expect(search).toHaveBeenCalled());
    abort();
    await error;
    expect(JSON.stringify(await checkpointer.getTuple(thread))).not.toContain('fix your mistakes');
  });
});

function controls() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
