import { type BreakerOptions, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { modelCalls } from '../../../src/llm.ts';
import { rejectionOf, reply, startTestProvider } from '../../provider/vendors.ts';
import {
  type CreateGuardedClient,
  expectNothingOpen,
  type GuardedClientOptions,
  readText,
  watchUnhandledRejections,
} from './guarded-clients.ts';

/** What every integration makes of a stream, good or not. */
export function describeStreamFaults(name: string, createClient: CreateGuardedClient): void {
  async function start(fault: Fault | undefined, options: Partial<GuardedClientOptions> = {}) {
    watchUnhandledRejections();
    const provider = await startTestProvider(fault ? { fault } : {});
    const onFailure = vi.fn<NonNullable<BreakerOptions['onFailure']>>();
    const breaker = createBreaker({ ...modelCalls(), onFailure });
    const client = createClient({ provider, breaker, ...options });
    return { provider, breaker, client, failures: () => onFailure.mock.calls.map(([error]) => error) };
  }

  describe(`a stream of ${name}`, () => {
    it('is a success when it is whole, not before', async () => {
      const { breaker, client } = await start(undefined);
      const stream = await client.stream();
      expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 0, inFlight: 1 });
      expect(await readText(stream)).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, failures: 0, inFlight: 0 });
    });

    it('S-01 is a failure when it is cut off in order, though its consumer hears of no error', async () => {
      const { breaker, client, failures } = await start({ kind: 'cutOff', afterChunks: 2 });
      expect(await readText(await client.stream())).toBe('The quick');
      expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
      expect(failures()).toMatchObject([{ name: 'StreamInterruptedError' }]);
    });

    it('is a failure when it lacks nothing but its last event', async () => {
      const { breaker, client } = await start({ kind: 'cutOff', afterChunks: 100 });
      expect(await readText(await client.stream())).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ failures: 1 });
    });

    it('is a failure when it ends before its first event', async () => {
      const { breaker, client } = await start({ kind: 'cutOff', afterChunks: 0 });
      await readText(await client.stream());
      expect(breaker.metrics()).toMatchObject({ failures: 1 });
    });

    it('is a failure when it breaks off, with the error that its consumer gets', async () => {
      const { breaker, client, failures } = await start({ kind: 'cutOff', afterChunks: 2, abrupt: true });
      const error = await rejectionOf(readText(await client.stream()));
      expect(error).toMatchObject({ message: 'terminated' });
      expect(failures()).toEqual([error]);
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'connection' } });
    });

    it('is a failure when it tells an error, judged by that error', async () => {
      const fault = { kind: 'streamError', afterChunks: 2, errorType: 'overloaded_error' } as const;
      const { breaker, client, failures } = await start(fault);
      expect(await rejectionOf(readText(await client.stream()))).toMatchObject({ type: 'overloaded_error' });
      expect(failures()).toMatchObject([{ name: 'FailedResponseError', status: undefined }]);
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'overloaded' }, inFlight: 0 });
    });

    it('is neutral when it tells an error that does not count', async () => {
      const fault = { kind: 'streamError', afterChunks: 2, errorType: 'invalid_request_error' } as const;
      const { breaker, client } = await start({ ...fault, code: 'context_length_exceeded' });
      await rejectionOf(readText(await client.stream()));
      expect(breaker.metrics()).toMatchObject({ failures: 0, ignored: 1, inFlight: 0 });
    });

    it.each([{ kind: 'noFirstToken' }, { kind: 'noHeaders' }] as const)(
      'is a failure when it never starts: $kind',
      async (fault) => {
        const { provider, breaker, client } = await start(fault, { firstItemTimeout: 400 });
        const reading = client.stream().then(readText);
        await rejectionOf(reading);
        expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { name: 'CallTimeoutError' } });
        await expectNothingOpen(provider, breaker);
      },
    );

    it('is a failure when it stalls', async () => {
      const { provider, breaker, client } = await start({ kind: 'stall', afterChunks: 2 }, { idleTimeout: 150 });
      expect(await rejectionOf(client.stream().then(readText))).toMatchObject({ name: 'CallTimeoutError' });
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
      await expectNothingOpen(provider, breaker);
    });

    it('is a success when it is slow, but never slower than it may be', async () => {
      const { breaker, client } = await start({ kind: 'slow', delayMs: 100, chunkDelayMs: 20 }, { idleTimeout: 600 });
      expect(await readText(await client.stream())).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
    });

    it('may be read slowly: the time of its consumer is not its own', async () => {
      const { breaker, client } = await start(undefined, { idleTimeout: 300 });
      const stream = await client.stream();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await readText(stream)).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
    });

    it('is judged by failureResult when it has said nothing: it is an empty answer', async () => {
      const { breaker, client } = await start({ kind: 'empty' });
      expect(await readText(await client.stream())).toBe('');
      expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 1, inFlight: 0 });
    });
  });

  describe(`a plain answer of ${name}`, () => {
    it('is a success when its body has ended', async () => {
      const { breaker, client } = await start(undefined);
      expect(await client.ask()).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, inFlight: 0 });
    });

    it('is judged by failureResult: an empty one is a failure', async () => {
      const { breaker, client } = await start({ kind: 'empty' });
      expect(await client.ask()).toBe('');
      expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0 });
    });

    it.each([
      { kind: 'cutOff', afterChunks: 0 },
      { kind: 'cutOff', afterChunks: 0, abrupt: true },
      { kind: 'connectionReset' },
    ] as const)('is a failure when it breaks off: %o', async (fault) => {
      const { breaker, client } = await start(fault);
      await rejectionOf(client.ask());
      expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
    });

    it('is a failure when it stalls', async () => {
      const { provider, breaker, client } = await start({ kind: 'stall', afterChunks: 0 }, { idleTimeout: 150 });
      await rejectionOf(client.ask());
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
      await expectNothingOpen(provider, breaker);
    });

    it('is a failure when its headers take too long', async () => {
      const options = { firstItemTimeout: 400 };
      const { provider, breaker, client } = await start({ kind: 'slowHeaders', delayMs: 60_000 }, options);
      await rejectionOf(client.ask());
      expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
      await expectNothingOpen(provider, breaker);
    });
  });
}
