import { CallTimeoutError, CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { guardRunnable } from '../../../src/langchain.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createModel, expectNoUnhandledRejections, reply, startTestProvider } from './models.ts';

async function readAll(stream: AsyncIterable<{ readonly text: string }>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.text;
  return text;
}

describe('a stream of guardRunnable', () => {
  it('counts at its end, and holds the slot of a trial until then', async () => {
    const provider = await startTestProvider();
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1_000 });
    const model = guardRunnable(createModel(provider), breaker);
    breaker.trip();
    clock.advance(1_000);
    const stream = await model.stream('Hi');
    expect(breaker.metrics()).toMatchObject({ successes: 0, inFlight: 1 });
    expect(await reasonOf(model.stream('Hi'))).toBeInstanceOf(CircuitBreakerOpenError);
    expect(await readAll(stream)).toBe(reply);
    expect([breaker.state, breaker.metrics().successes]).toEqual(['closed', 1]);
  });

  it('is a failure when it breaks off with an error', async () => {
    expectNoUnhandledRejections();
    const provider = await startTestProvider({ fault: { kind: 'streamError', afterChunks: 2 } });
    const breaker = createBreaker();
    const stream = await guardRunnable(createModel(provider), breaker).stream('Hi');
    await expect(readAll(stream)).rejects.toThrow();
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('is a failure when it ends without the chunk that isComplete looks for', async () => {
    const provider = await startTestProvider({ script: [{ kind: 'cutOff', afterChunks: 2 }, 'ok'] });
    const breaker = createBreaker();
    const isComplete = (chunk: unknown) => JSON.stringify(chunk).includes('finish_reason');
    const model = guardRunnable(createModel(provider), breaker, { isComplete });
    await readAll(await model.stream('Hi'));
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0 });
    await readAll(await model.stream('Hi'));
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 1 });
  });

  it('S-50 is whole when isComplete throws', async () => {
    const provider = await startTestProvider();
    const breaker = createBreaker();
    const isComplete = () => {
      throw new Error('a bug');
    };
    expect(await readAll(await guardRunnable(createModel(provider), breaker, { isComplete }).stream('Hi'))).toBe(reply);
    expect(breaker.metrics()).toMatchObject({ failures: 0, successes: 1 });
  });

  it.each([1, 3])(
    'is a success when its reader has had enough, and closes the connection (%i)',
    async (afterChunks) => {
      expectNoUnhandledRejections();
      const provider = await startTestProvider({ fault: { kind: 'stall', afterChunks } });
      const breaker = createBreaker();
      const stream = await guardRunnable(createModel(provider), breaker).stream('Hi');
      for await (const chunk of stream) if (chunk.text !== '') break;
      expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
      await vi.waitFor(() => expect(provider.requests[0]?.aborted).toBe(true));
    },
  );

  it.each([
    ['stalls', { kind: 'stall', afterChunks: 2 }, { idleTimeout: 5_000 }],
    ['never starts', { kind: 'noFirstToken' }, { firstItemTimeout: 5_000 }],
    ['is never answered', { kind: 'noHeaders' }, { firstItemTimeout: 5_000 }],
  ] as const)(
    'S-44 S-96 is a failure and a timeout when it %s, and closes the connection',
    async (_title, fault, limits) => {
      expectNoUnhandledRejections();
      const provider = await startTestProvider({ fault });
      const clock = createTestClock();
      const breaker = createBreaker({ clock });
      const model = guardRunnable(createModel(provider), breaker, { ...limits, clock: createTestClock() });
      const error = reasonOf(model.stream('Hi').then(readAll));
      await vi.waitFor(() => expect(provider.requestCount).toBe(1));
      for (let step = 0; step < 20 && breaker.metrics().failures === 0; step++) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.advance(5_000);
      }
      expect(await error).toBeInstanceOf(CallTimeoutError);
      expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
      await vi.waitFor(() => expect(provider.requests[0]?.aborted).toBe(true));
    },
  );

  it.each(['noHeaders', 'stall'] as const)('S-43 is neutral when its caller aborts it (%s)', async (kind) => {
    expectNoUnhandledRejections();
    const fault = kind === 'stall' ? ({ kind, afterChunks: 2 } as const) : { kind };
    const provider = await startTestProvider({ fault });
    const breaker = createBreaker();
    const user = new AbortController();
    const error = reasonOf(
      guardRunnable(createModel(provider), breaker).stream('Hi', { signal: user.signal }).then(readAll),
    );
    await vi.waitFor(() => expect(provider.requestCount).toBe(1));
    user.abort(new Error('enough'));
    await error;
    expect(breaker.metrics()).toMatchObject({ failures: 0, cancelled: 1, inFlight: 0 });
    await vi.waitFor(() => expect(provider.requests[0]?.aborted).toBe(true));
  });

  it('S-45 asks for nothing when its signal is aborted already', async () => {
    const provider = await startTestProvider();
    const breaker = createBreaker();
    const reason = new Error('too late');
    const config = { signal: AbortSignal.abort(reason) };
    const model = guardRunnable(createModel(provider), breaker);
    expect(await reasonOf(model.stream('Hi', config))).toBe(reason);
    expect(await reasonOf(model.invoke('Hi', config))).toBe(reason);
    expect([provider.requestCount, breaker.metrics().calls]).toEqual([0, 0]);
  });
});
