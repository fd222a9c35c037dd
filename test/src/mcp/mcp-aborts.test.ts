import { getEventListeners } from 'node:events';
import { createBreaker } from 'agent-circuit-breaker';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { guardMcpClient } from '../../../src/mcp.ts';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { startBareServer } from './test-server.ts';

const unhandled = vi.fn();
process.on('unhandledRejection', unhandled);
afterEach(() => expect(unhandled).not.toHaveBeenCalled());
afterAll(() => {
  process.off('unhandledRejection', unhandled);
});

const slow = { name: 'slow' };

/** A client whose tool calls never end by themselves. */
async function startHanging(options = {}) {
  const server = await startBareServer();
  server.behaviour = 'hangs';
  const breaker = createBreaker(options);
  return { server, breaker, guarded: guardMcpClient(server.client, breaker) };
}

describe('the signal and the timeouts of an MCP tool call', () => {
  it.each([
    ['an error', new Error('enough')],
    ['a string', 'stop'],
    ['nothing', undefined],
  ])('S-43 the caller aborting with %s is neutral, 50 times in a row', async (_title, reason) => {
    const { server, breaker, guarded } = await startHanging({ failureThreshold: 1 });
    for (let call = 1; call <= 50; call++) {
      const user = new AbortController();
      const error = reasonOf(guarded.callTool(slow, undefined, { signal: user.signal }));
      await vi.waitFor(() => expect(server.calls).toHaveLength(call), { interval: 1 });
      user.abort(reason);
      expect(await error).toMatchObject({ code: -32001 });
    }
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 50, inFlight: 0 });
    await vi.waitFor(() => expect(server.cancelled).toBe(50));
  });

  it('S-43 an abort gives the slot of a trial back', async () => {
    const clock = createTestClock();
    const { server, breaker, guarded } = await startHanging({ clock, recoveryTimeout: 1_000 });
    breaker.trip();
    clock.advance(1_000);
    const user = new AbortController();
    const error = reasonOf(guarded.callTool(slow, undefined, { signal: user.signal }));
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    expect(await guarded.callTool(slow)).toMatchObject({ isError: true });
    user.abort();
    await error;
    server.behaviour = 'answers';
    await guarded.callTool(slow);
    expect(breaker.state).toBe('closed');
  });

  it("S-44 the SDK's own timeout counts, though its error looks like that of an abort", async () => {
    const { breaker, guarded } = await startHanging();
    const { signal } = new AbortController();
    expect(await reasonOf(guarded.callTool(slow, undefined, { timeout: 10, signal }))).toMatchObject({ code: -32001 });
    expect(breaker.metrics()).toMatchObject({ failures: 1, cancelled: 0 });
  });

  it('S-44 AbortSignal.timeout() counts, alone and joined with a signal of the user', async () => {
    const { breaker, guarded } = await startHanging();
    const signals = [AbortSignal.timeout(10), AbortSignal.any([new AbortController().signal, AbortSignal.timeout(10)])];
    for (const signal of signals)
      expect(await reasonOf(guarded.callTool(slow, undefined, { signal }))).toMatchObject({ code: -32001 });
    expect(breaker.metrics()).toMatchObject({ failures: 2, cancelled: 0 });
  });

  it('S-45 a signal that is aborted already makes no call and counts nothing', async () => {
    const { server, breaker, guarded } = await startHanging();
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    expect(await reasonOf(guarded.callTool(slow, undefined, { signal }))).toBe(reason);
    breaker.trip();
    expect(await reasonOf(guarded.callTool(slow, undefined, { signal }))).toBe(reason);
    expect([server.calls.length, breaker.metrics().calls, breaker.metrics().rejected]).toEqual([0, 0, 0]);
  });

  it('S-46 leaves no listener on a signal that many calls share, and cancels none of them afterwards', async () => {
    const { server, guarded } = await startHanging();
    server.behaviour = 'answers';
    const user = new AbortController();
    const options = { signal: user.signal };
    for (let call = 0; call < 100; call++) await guarded.callTool(slow, undefined, options);
    expect([getEventListeners(user.signal, 'abort'), options]).toEqual([[], { signal: user.signal }]);
    user.abort();
    await flushMicrotasks();
    expect(server.cancelled).toBe(0);
  });

  it('S-47 an answer that comes after the timeout is dropped', async () => {
    const { server, breaker, guarded } = await startHanging();
    const late = createDeferred<void>();
    server.behaviour = late.promise;
    await reasonOf(guarded.callTool(slow, undefined, { timeout: 5 }));
    late.resolve();
    server.behaviour = 'answers';
    await guarded.callTool(slow);
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 1, inFlight: 0 });
  });
});
