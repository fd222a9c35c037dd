import { getEventListeners, setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createDueBreaker, createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { throwing } from '../half-open/ways-out.ts';

const never = () => new Promise<never>(() => {});
const listenersOn = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('one long-lived signal', () => {
  it('S-46 carries no listener after 10,000 calls with every end', async () => {
    const { breaker, clock } = createTimedBreaker({ failureThreshold: 1_000_000 });
    const { signal } = new AbortController();
    const settle = (call: Promise<unknown>) => call.catch(() => {});
    for (let round = 0; round < 2000; round++) {
      await settle(breaker.run(() => round, { signal }));
      await settle(breaker.run(async () => round, { signal, timeout: 10 }));
      await settle(breaker.run(throwing(round), { signal, timeout: 10 }));
      await settle(breaker.run(() => Promise.reject(round), { signal }));
      const late = settle(breaker.run(never, { signal, timeout: 10 }));
      clock.advance(10);
      await late;
    }
    expect(breaker.metrics()).toMatchObject({ calls: 10_000, inFlight: 0, timeouts: 2000 });
    expect(listenersOn(signal)).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-46 carries no listener after 10,000 concurrent calls', async () => {
    const { breaker } = createTimedBreaker();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const answer = createDeferred<string>();
    const calls = Array.from({ length: 10_000 }, () => breaker.run(() => answer.promise, { signal }));
    expect(listenersOn(signal)).toBeGreaterThan(0);
    answer.resolve('well');
    await Promise.all(calls);
    expect(listenersOn(signal)).toBe(0);
  });

  it('S-46 raises no warning of a leak where 20 concurrent calls share it', async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.message);
    process.on('warning', onWarning);
    const { breaker } = createTimedBreaker();
    const { signal } = new AbortController();
    const answer = createDeferred<string>();
    const calls = Array.from({ length: 20 }, () => breaker.run(() => answer.promise, { signal }));
    await flushMicrotasks();
    answer.resolve('well');
    await Promise.all(calls);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('S-46 carries no listener of a call that is rejected, falls back or is refused', async () => {
    const { breaker } = createTimedBreaker();
    breaker.trip();
    const { signal } = new AbortController();
    await reasonOf(breaker.run(() => 'never', { signal }));
    await breaker.run(() => 'never', { signal, fallback: () => 'fallback' });
    await reasonOf(breaker.run(() => 'never', { signal, timeout: 0 }));
    expect(listenersOn(signal)).toBe(0);
  });

  it('S-46 carries no listener once it has been aborted, before, between and during', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { breaker } = createDueBreaker({ halfOpenTrials: 9, onHalfOpen: () => controller.abort('stop') });
    await reasonOf(breaker.run(never, { signal }));
    await reasonOf(breaker.run(never, { signal }));
    expect(listenersOn(signal)).toBe(0);

    const during = new AbortController();
    const call = reasonOf(breaker.run(never, { signal: during.signal }));
    expect(listenersOn(during.signal)).toBe(1);
    during.abort('stop');
    await call;
    expect(listenersOn(during.signal)).toBe(0);
  });
});

describe('the timeout of one call', () => {
  it('S-46 aborts only its own signal', async () => {
    const { breaker, clock } = createTimedBreaker();
    const shared = new AbortController();
    const given: AbortSignal[] = [];
    const start = (timeout: number) =>
      breaker.run(
        ({ signal }) => {
          given.push(signal);
          return never();
        },
        { signal: shared.signal, timeout },
      );
    const first = reasonOf(start(10));
    const second = reasonOf(start(20));

    clock.advance(10);
    await first;
    expect(given.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(shared.signal.aborted).toBe(false);

    shared.abort('stop');
    expect(await second).toBe('stop');
    expect(given[1]?.reason).toBe('stop');
  });

  it('S-46 is told by a signal of its own in every call', async () => {
    const { breaker } = createTimedBreaker();
    const { signal } = new AbortController();
    const first = await breaker.run(({ signal: own }) => own, { signal });
    const second = await breaker.run(({ signal: own }) => own, { signal });
    expect(first).not.toBe(second);
    expect(first).not.toBe(signal);
  });
});
