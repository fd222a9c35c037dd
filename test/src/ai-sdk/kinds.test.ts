import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { modelCalls } from '../../../src/llm.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { kinds } from './kinds.ts';
import { startKindsServer, type Treatment } from './kinds-server.ts';

const once = { maxRetries: 0 };
const ofItself = { maxRetries: 2 };
const down: Treatment = { status: 503, headers: { 'retry-after-ms': '1' } };
const throttled: Treatment = { status: 429, headers: { 'retry-after': '20' } };

describe.each(kinds)('$name', ({ ask }) => {
  it('S-94 counts, rejects during an outage, and recovers by a trial', async () => {
    const server = await startKindsServer();
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 2, recoveryTimeout: 30_000, ...modelCalls() });
    const call = () => ask(server.baseUrl, breaker, once);
    await call();
    expect(breaker.metrics()).toMatchObject({ successes: 1, calls: 1 });
    server.treatment = down;
    for (let failure = 0; failure < 2; failure++) expect(await reasonOf(call())).toMatchObject({ statusCode: 503 });
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 2 });
    expect(await reasonOf(call())).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', reason: 'open' });
    expect(server.requestedAt).toHaveLength(3);
    server.treatment = 'answers';
    clock.advance(30_000);
    await call();
    expect(breaker.state).toBe('closed');
    expect(server.requestedAt).toHaveLength(4);
  });

  it('S-94, S-90 ends with the answer that opens the circuit, by a copy that is not retried', async () => {
    const server = await startKindsServer(throttled);
    const breaker = createBreaker({ failureThreshold: 5, ...modelCalls() });
    const error = await reasonOf(ask(server.baseUrl, breaker, ofItself));
    expect(error).toMatchObject({ statusCode: 429, isRetryable: false, cause: { isRetryable: true } });
    expect(server.requestedAt).toHaveLength(1);
    expect(breaker.metrics()).toMatchObject({ state: 'open', rejected: 0 });
  });

  it('S-94, S-90 is tried again after an answer that opens nothing', async () => {
    const server = await startKindsServer({ status: 500, headers: { 'retry-after-ms': '1' } });
    const breaker = createBreaker({ failureThreshold: 5, ...modelCalls() });
    const error = await reasonOf(ask(server.baseUrl, breaker, ofItself));
    expect(error).toMatchObject({ reason: 'maxRetriesExceeded', lastError: { isRetryable: true } });
    expect(server.requestedAt).toHaveLength(3);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 3 });
  });

  it('S-94, S-43 counts nothing when its caller gives up', async () => {
    const server = await startKindsServer('stays silent');
    const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
    const stop = new AbortController();
    const answer = reasonOf(ask(server.baseUrl, breaker, { ...ofItself, abortSignal: stop.signal }));
    await expect.poll(() => server.requestedAt.length, { interval: 1 }).toBe(1);
    stop.abort();
    await answer;
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 1, inFlight: 0 });
  });

  it("S-94, S-44 fails at its breaker's deadline", async () => {
    const server = await startKindsServer('stays silent');
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1, timeout: 1_000, ...modelCalls() });
    const answer = reasonOf(ask(server.baseUrl, breaker, ofItself));
    await expect.poll(() => server.requestedAt.length, { interval: 1 }).toBe(1);
    clock.advance(1_000);
    expect(await answer).toMatchObject({ code: 'ERR_CALL_TIMEOUT', timeoutMs: 1_000 });
    expect(breaker.metrics()).toMatchObject({ state: 'open', timeouts: 1 });
    expect(server.requestedAt).toHaveLength(1);
  });
});
