import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTimedBreaker, type TimedBreaker } from '../half-open/half-open-breaker.ts';

/** Listeners that undo one another for ever. */
function createPingPong(): TimedBreaker & { readonly turns: () => number } {
  let turns = 0;
  const { breaker, clock }: TimedBreaker = createTimedBreaker({
    onOpen: () => {
      turns++;
      breaker.reset();
    },
    onClose: () => {
      turns++;
      breaker.trip();
    },
  });
  onTestFinished(() => breaker.stop());
  return { breaker, clock, turns: () => turns };
}

describe('callbacks that undo one another for ever', () => {
  it('S-52 do not hang the process: the command returns, and so does everything after it', async () => {
    const { breaker, turns } = createPingPong();
    breaker.trip();
    expect(turns()).toBeGreaterThan(1);
    expect(turns()).toBeLessThan(10_000);
    await breaker.call(() => 'well').catch(() => {});
    expect(['open', 'closed']).toContain(breaker.state);
    await flushMicrotasks();
  });

  it('S-52 S-54 let the event loop have its turn after a hundred, whatever the clock of the breaker does', async () => {
    const { breaker, turns } = createPingPong();
    breaker.trip();
    expect(turns()).toBe(100);
    await Promise.resolve();
    expect(turns()).toBe(100);
    await vi.waitFor(() => expect(turns()).toBeGreaterThan(1_000), { timeout: 10_000 });
    expect(['open', 'closed']).toContain(breaker.state);
  });

  it('S-52 pile up no timers, however much is called meanwhile', async () => {
    const { breaker, clock } = createPingPong();
    breaker.trip();
    for (let round = 0; round < 200; round++) {
      await breaker.call(() => 'well').catch(() => {});
      void breaker.state;
    }
    expect(clock.pendingTimers).toBeLessThan(5);
  });

  it('S-62 are over after stop(), which leaves no timer', () => {
    const { breaker, clock, turns } = createPingPong();
    breaker.trip();
    breaker.stop();
    expect(clock.pendingTimers).toBe(0);
    const before = turns();
    clock.advance(10_000);
    expect(turns()).toBe(before);
  });

  it('S-51 every change of a long burst is told, in order', async () => {
    const told: string[] = [];
    const { breaker } = createTimedBreaker({ onStateChange: (_from, to) => told.push(to) });
    const { actor } = breaker;
    for (let round = 0; round < 500; round++) actor.send({ type: round % 2 === 0 ? 'breaker.trip' : 'breaker.reset' });
    const changes = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? 'open' : 'closed'));
    await flushMicrotasks();
    expect([told.length % 100, told.length < 500]).toEqual([0, true]);
    await vi.waitFor(() => expect(told).toHaveLength(500));
    expect(told).toEqual(changes);
    breaker.stop();
  });

  it('S-52 S-54 onSuccess that calls with callSync, and onReject that calls again: every call is told', async () => {
    let successes = 0;
    let rejections = 0;
    const { breaker }: TimedBreaker = createTimedBreaker({
      onSuccess: () => {
        if (successes++ < 1000) breaker.callSync(() => 'again');
      },
      onReject: () => {
        if (rejections++ < 1000) breaker.tryAcquire();
      },
    });
    breaker.callSync(() => 'well');
    await vi.waitFor(() => expect(successes).toBe(1001));
    breaker.trip();
    breaker.tryAcquire();
    await vi.waitFor(() => expect(rejections).toBe(1001));
    expect(breaker.metrics()).toMatchObject({ successes: 1001, rejected: 1001 });
  });

  it.each(['success', 'reject'] as const)(
    'S-54 twelve listeners of %s that each make a call hear of each',
    async (event) => {
      let heard = 0;
      const { breaker } = createTimedBreaker();
      if (event === 'reject') breaker.trip();
      for (let count = 0; count < 12; count++)
        breaker.on(event, () => {
          if (heard++ < 100) breaker.tryAcquire()?.succeed();
        });
      breaker.tryAcquire()?.succeed();
      await vi.waitFor(() => expect(heard).toBe(12 * 101));
    },
  );
});
