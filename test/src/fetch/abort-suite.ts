import { getEventListeners } from 'node:events';
import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { modelCalls } from '../../../src/llm.ts';
import { rejectionOf, reply, startTestProvider } from '../../provider/vendors.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type CreateGuardedClient, expectNothingOpen, readText, watchUnhandledRejections } from './guarded-clients.ts';

/** What every integration makes of calls that are given up. */
export function describeAborts(name: string, createClient: CreateGuardedClient): void {
  async function start(fault: Fault | undefined) {
    watchUnhandledRejections();
    const provider = await startTestProvider(fault ? { fault } : {});
    const breaker = createBreaker({ failureThreshold: 2, ...modelCalls() });
    return { provider, breaker, client: createClient({ provider, breaker }) };
  }

  describe(`a call of ${name} that is given up`, () => {
    it.each([
      ['without a reason', undefined],
      ['for a reason that is no error', 'stop'],
    ])('S-43 is neutral when its caller aborts it %s', async (_name, reason) => {
      const { provider, breaker, client } = await start({ kind: 'noHeaders' });
      for (let call = 0; call < 5; call++) {
        const stop = new AbortController();
        const asking = rejectionOf(client.ask({ signal: stop.signal }));
        await vi.waitFor(() => expect(provider.requestCount).toBe(call + 1));
        stop.abort(reason);
        await asking;
      }
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 5 });
      await expectNothingOpen(provider, breaker);
    });

    it('S-43 gives its slot back when its caller aborts it as a trial', async () => {
      const clock = createTestClock();
      const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
      const breaker = createBreaker({ clock, recoveryTimeout: 1_000, ...modelCalls() });
      const client = createClient({ provider, breaker });
      breaker.trip();
      clock.advance(1_000);
      const stop = new AbortController();
      const asking = rejectionOf(client.ask({ signal: stop.signal }));
      await vi.waitFor(() => expect(provider.requestCount).toBe(1));
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1 });
      stop.abort();
      await asking;
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, failures: 0 });
      provider.setFault(undefined);
      expect(await client.ask()).toBe(reply);
      expect(breaker.state).toBe('closed');
    });

    it('S-44 is a failure when it runs into its AbortSignal.timeout', async () => {
      const { provider, breaker, client } = await start({ kind: 'noHeaders' });
      await rejectionOf(client.ask({ signal: AbortSignal.timeout(400) }));
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
      await expectNothingOpen(provider, breaker);
    });

    it('S-43 is neutral when its caller aborts it inside its stream', async () => {
      const { provider, breaker, client } = await start({ kind: 'stall', afterChunks: 2 });
      const stop = new AbortController();
      let text = '';
      for await (const part of await client.stream({ signal: stop.signal })) {
        text += part;
        if (text === 'The quick') stop.abort();
      }
      expect(breaker.metrics()).toMatchObject({ failures: 0, successes: 0, cancelled: 1, inFlight: 0 });
      await expectNothingOpen(provider, breaker);
    });

    it('S-44 is a failure when it runs into its AbortSignal.timeout inside its stream', async () => {
      const { provider, breaker, client } = await start({ kind: 'stall', afterChunks: 2 });
      // A client ends the loop as if the stream were whole, or throws the reason.
      const reading = client.stream({ signal: AbortSignal.timeout(600) }).then(readText);
      await reading.catch(() => {});
      expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0, lastFailure: { kind: 'timeout' } });
      await expectNothingOpen(provider, breaker);
    });

    it('S-43 is neutral when its caller aborts a stream that nobody reads', async () => {
      const { provider, breaker, client } = await start({ kind: 'stall', afterChunks: 2 });
      const stop = new AbortController();
      await client.stream({ signal: stop.signal });
      expect(breaker.metrics()).toMatchObject({ inFlight: 1 });
      stop.abort();
      expect(breaker.metrics()).toMatchObject({ failures: 0, cancelled: 1, inFlight: 0 });
      await expectNothingOpen(provider, breaker);
    });

    it('S-45 is neither sent nor counted when its signal is aborted already', async () => {
      const { provider, breaker, client } = await start(undefined);
      await rejectionOf(client.ask({ signal: AbortSignal.abort() }));
      expect(provider.requestCount).toBe(0);
      expect(breaker.metrics()).toMatchObject({ calls: 0, rejected: 0 });
    });

    it('S-46 leaves no listener on a signal that outlives it', async () => {
      const { breaker, client } = await start(undefined);
      const { signal } = new AbortController();
      for (let call = 0; call < 20; call++) {
        expect(await client.ask({ signal })).toBe(reply);
        expect(await readText(await client.stream({ signal }))).toBe(reply);
      }
      expect(breaker.metrics()).toMatchObject({ successes: 40 });
      await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
    });
  });
}
