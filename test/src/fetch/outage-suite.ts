import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { modelCalls } from '../../../src/llm.ts';
import { rejectionOf, reply, startTestProvider } from '../../provider/vendors.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type CreateGuardedClient, readText, watchUnhandledRejections } from './guarded-clients.ts';

/** What every integration makes of an outage, and of the rejections in it. */
export function describeOutage(
  name: string,
  createClient: CreateGuardedClient,
  expectRejection: (error: unknown) => void,
  expectLostConnection: (error: unknown) => void,
): void {
  describe(`an outage of ${name}`, () => {
    it('is told by its failures; then nothing is sent until a trial closes the circuit', async () => {
      watchUnhandledRejections();
      const clock = createTestClock();
      const provider = await startTestProvider({ fault: { kind: 'status', status: 500 } });
      const breaker = createBreaker({
        ...{ name: 'model', clock, failureThreshold: 3, recoveryTimeout: 30_000 },
        ...modelCalls({ jitter: 0 }),
      });
      const client = createClient({ provider, breaker });

      for (let call = 0; call < 3; call++) expect(await rejectionOf(client.ask())).toMatchObject({ status: 500 });
      expect([breaker.state, provider.requestCount]).toEqual(['open', 3]);

      for (let call = 0; call < 10; call++) expectRejection(await rejectionOf(client.ask()));
      expectRejection(await rejectionOf(client.stream()));
      expect(provider.requestCount).toBe(3);

      clock.advance(30_000);
      await rejectionOf(client.ask());
      expect([breaker.state, provider.requestCount]).toEqual(['open', 4]);

      provider.setFault(undefined);
      clock.advance(30_000);
      const trial = await client.stream();
      expect(breaker.state).toBe('halfOpen');
      expectRejection(await rejectionOf(client.ask()));
      expect(await readText(trial)).toBe(reply);
      expect([breaker.state, provider.requestCount]).toEqual(['closed', 5]);
      expect(await client.ask()).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ calls: 6, failures: 4, successes: 2, rejected: 12, inFlight: 0 });
    });

    it('S-90 is noticed at every attempt of the client, and the answer that opens the circuit ends its retries', async () => {
      const provider = await startTestProvider({ fault: { kind: 'status', status: 500 } });
      const breaker = createBreaker({ failureThreshold: 2, ...modelCalls({ jitter: 0 }) });
      const client = createClient({ provider, breaker, maxRetries: 5 });
      expect(await rejectionOf(client.ask())).toMatchObject({ status: 500 });
      expect([breaker.state, provider.requestCount, breaker.metrics().rejected]).toEqual(['open', 2, 0]);
    });

    it('opens at once at a long Retry-After, and waits for it', async () => {
      const provider = await startTestProvider({
        fault: { kind: 'status', status: 429, headers: { 'retry-after': '90' } },
      });
      const breaker = createBreaker({ recoveryTimeout: 1_000, ...modelCalls({ jitter: 0 }) });
      await rejectionOf(createClient({ provider, breaker }).ask());
      expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs: 90_000, lastFailure: { kind: 'rateLimit' } });
    });

    it('is told from a quota by the body of the response, which its caller can still read', async () => {
      const message = 'You exceeded your current quota.';
      const fault = { kind: 'status', status: 429, code: 'insufficient_quota', message } as const;
      const provider = await startTestProvider({ fault });
      const breaker = createBreaker(modelCalls({ jitter: 0 }));
      const error = await rejectionOf(createClient({ provider, breaker }).ask());
      expect(error).toMatchObject({ status: 429, message: expect.stringContaining(message) });
      expect(breaker.metrics()).toMatchObject({ state: 'open', lastFailure: { kind: 'quota', status: 429 } });
    });

    it('of the connection is a failure, with or without retries', async () => {
      const provider = await startTestProvider({ fault: { kind: 'connectionReset' } });
      const breaker = createBreaker({ failureThreshold: 2, ...modelCalls({ jitter: 0 }) });
      const client = createClient({ provider, breaker, maxRetries: 3 });
      expectLostConnection(await rejectionOf(client.ask()));
      expect([breaker.metrics().failures, provider.requestCount]).toEqual([2, 2]);
      expectRejection(await rejectionOf(client.ask()));
      expect(provider.requestCount).toBe(2);
    });

    it.each([400, 403, 404, 413, 418, 422])('is not told by a status of %i, which is neutral', async (status) => {
      const provider = await startTestProvider({ fault: { kind: 'status', status } });
      const breaker = createBreaker({ failureThreshold: 1 });
      expect(await rejectionOf(createClient({ provider, breaker }).ask())).toMatchObject({ status });
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, ignored: 1, inFlight: 0 });
    });

    it.each([408, 429, 500, 502, 503, 529])('is told by a status of %i, also without a classifier', async (status) => {
      const provider = await startTestProvider({ fault: { kind: 'status', status } });
      const breaker = createBreaker();
      expect(await rejectionOf(createClient({ provider, breaker }).ask())).toMatchObject({ status });
      expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0, lastFailure: { status } });
    });

    it('is told by whatever isFailure says; where that throws, by every status', async () => {
      const provider = await startTestProvider({ fault: { kind: 'status', status: 404 } });
      const statuses: unknown[] = [];
      const breaker = createBreaker();
      const isFailure = (error: { status: unknown }) => {
        statuses.push(error.status);
        if (statuses.length === 2) throw new Error('a bug');
        return statuses.length === 1;
      };
      const client = createClient({ provider, breaker, isFailure });
      for (let call = 0; call < 3; call++) expect(await rejectionOf(client.ask())).toMatchObject({ status: 404 });
      expect(statuses).toEqual([404, 404, 404]);
      expect(breaker.metrics()).toMatchObject({ failures: 2, ignored: 1 });
    });
  });
}
