import { createBreaker, failover, guarded, isBreaker } from 'agent-circuit-breaker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor, fromPromise, toPromise } from 'xstate';
import { failoverModel, modelMiddleware } from '../../../src/ai-sdk.ts';
import { anthropicBreaker } from '../../../src/anthropic.ts';
import type { Breaker } from '../../../src/breaker/breaker.ts';
import { breakerFetch } from '../../../src/fetch.ts';
import { agentMiddleware, guardRunnable } from '../../../src/langchain.ts';
import { guardMcpClient } from '../../../src/mcp.ts';
import { createTestClock } from '../../support/test-clock.ts';

/** Loads the package once more, as a process does that has both of its kinds of module. */
async function createForeignBreaker(clock = createTestClock()): Promise<Breaker> {
  vi.resetModules();
  const copy = await import('agent-circuit-breaker');
  expect(copy.createBreaker).not.toBe(createBreaker);
  return copy.createBreaker({ name: 'foreign', clock });
}

afterEach(() => {
  vi.resetModules();
});

const model = {
  specificationVersion: 'v3',
  provider: 'scripted',
  modelId: 'model',
  supportedUrls: {},
  doGenerate: async () => ({ content: 'hi' }),
  doStream: async () => ({ stream: new ReadableStream<{ readonly type: string }>() }),
} as const;

describe('a breaker of another copy of this package', () => {
  let breaker: Breaker;
  beforeEach(async () => {
    breaker = await createForeignBreaker();
  });

  it('S-80 is a breaker', () => {
    expect(isBreaker(breaker)).toBe(true);
    expect(breaker.countsAsFailure(new Error('down'))).toBe(true);
  });

  it('S-80 is a candidate, and its errors that count are failed over', async () => {
    const ours = createBreaker();
    const answer = await failover([breaker, { breaker: ours }], async (candidate) => {
      if (candidate === breaker) throw new Error('down');
      return 'hi';
    });
    expect(answer).toBe('hi');
    expect([breaker.metrics().failures, ours.metrics().successes]).toEqual([1, 1]);
  });

  it('S-80 guards actor logic', async () => {
    const ask = guarded(
      fromPromise<string>(async () => 'hi'),
      breaker,
    );
    expect(await toPromise(createActor(ask).start())).toBe('hi');
    expect(breaker.metrics().successes).toBe(1);
  });

  it('S-80 guards requests, whose deadlines run on its clock', async () => {
    const clock = createTestClock();
    const foreign = await createForeignBreaker(clock);
    const fetch = breakerFetch(() => foreign, { fetch: () => new Promise(() => {}), firstItemTimeout: 100 });
    const asking = fetch('https://model.test').catch((error: unknown) => error);
    clock.advance(100);
    expect(await asking).toMatchObject({ name: 'CallTimeoutError', breaker: 'foreign' });
    expect(foreign.metrics()).toMatchObject({ failures: 1, timeouts: 1 });
    expect(anthropicBreaker(foreign)).toBeTypeOf('function');
  });

  it('S-80 guards models of the AI SDK, by itself and as one of several', async () => {
    const { wrapGenerate } = modelMiddleware(breaker);
    expect(await wrapGenerate({ model, params: {} })).toEqual({ content: 'hi' });
    expect(await failoverModel([{ model, breaker }]).doGenerate({})).toEqual({ content: 'hi' });
    expect(breaker.metrics().successes).toBe(2);
  });

  it('S-80 is heard of through a middleware of its own copy: what does not count for it is not failed over', async () => {
    vi.resetModules();
    const { modelMiddleware: theirs } = await import('../../../src/ai-sdk.ts');
    expect(theirs).not.toBe(modelMiddleware);
    const { wrapGenerate } = theirs(createBreaker({ failurePredicate: () => false }));
    const failing = { ...model, doGenerate: () => Promise.reject(new Error('bad request')) };
    const wrapped = { ...model, doGenerate: (params: object) => wrapGenerate({ model: failing, params }) };
    const second = vi.fn(model.doGenerate);
    const both = failoverModel([wrapped, { ...model, doGenerate: second }]);
    await expect(both.doGenerate({})).rejects.toThrow('bad request');
    expect(second).not.toHaveBeenCalled();
  });

  it('S-80 guards runnables and agents of LangChain', async () => {
    const { RunnableLambda } = await import('@langchain/core/runnables');
    expect(
      await guardRunnable(
        RunnableLambda.from(() => 'hi'),
        breaker,
      ).invoke(''),
    ).toBe('hi');
    expect(agentMiddleware({ model: breaker, tools: breaker }).wrapToolCall).toBeTypeOf('function');
    expect(breaker.metrics().successes).toBe(1);
  });

  it('S-80 guards the tools of an MCP server', async () => {
    const client = guardMcpClient({ callTool: async (_params: { readonly name: string }) => 'hi' }, breaker, {
      requests: breaker,
    });
    expect(await client.callTool({ name: 'search' })).toBe('hi');
    expect(breaker.metrics().successes).toBe(1);
  });
});

describe('what is not a breaker', () => {
  it.each([undefined, null, 5, 'breaker', {}, [], () => {}, { acquire: () => {} }])('is told: %o', (value) => {
    expect(isBreaker(value)).toBe(false);
  });

  it('is told although it cannot be looked into', () => {
    const hostile = new Proxy(
      {},
      {
        has: () => {
          throw new Error('no');
        },
      },
    );
    expect(isBreaker(hostile)).toBe(false);
  });
});
