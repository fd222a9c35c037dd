import { describe, expect, it } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';

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

  it('S-52 let the event loop have its turn', async () => {
    const { breaker, clock } = createPingPong();
    breaker.trip();
    for (let turn = 0; turn < 20; turn++) {
      clock.advance(1);
      await flushMicrotasks();
    }
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
    const { breaker, clock } = createTimedBreaker({ onStateChange: (_from, to) => told.push(to) });
    const { actor } = breaker;
    for (let round = 0; round < 500; round++) actor.send({ type: round % 2 === 0 ? 'breaker.trip' : 'breaker.reset' });
    await flushMicrotasks();
    clock.advance(recoveryTimeout / 2);
    expect(told).toEqual(Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? 'open' : 'closed')));
  });

  it('S-52 onSuccess that calls with callSync, and onReject that calls again, end', () => {
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
    breaker.trip();
    breaker.tryAcquire();
    expect(successes).toBeLessThan(10);
    expect(rejections).toBeLessThan(10);
    expect(breaker.metrics().rejected).toBeGreaterThanOrEqual(2);
  });

  it.each(['success', 'reject'] as const)('S-52 twelve listeners of %s that each make a call end soon', (event) => {
    let heard = 0;
    const { breaker } = createTimedBreaker();
    if (event === 'reject') breaker.trip();
    for (let count = 0; count < 12; count++)
      breaker.on(event, () => {
        if (heard++ < 10_000) breaker.tryAcquire()?.succeed();
      });
    breaker.tryAcquire()?.succeed();
    expect(heard).toBeGreaterThanOrEqual(12);
    expect(heard).toBeLessThan(10_000);
  });
});
