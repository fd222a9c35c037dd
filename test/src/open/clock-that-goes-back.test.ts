import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const hourMs = 3_600_000;
const recoveryTimeout = 1000;

describe.each(facades)('$name', ({ create }) => {
  describe.each([
    ['an hour', hourMs],
    ['one wait', recoveryTimeout],
    ['half a wait', recoveryTimeout / 2],
    ['a millisecond', 1],
  ])('a clock that goes back by %s', (_name, backMs) => {
    /** What is left of a wait of which `passedMs` had passed: never more than a full one. */
    const leftOf = (waitMs: number, passedMs: number) => Math.min(waitMs, waitMs - passedMs + backMs);

    it('S-27 costs an open circuit at most one full wait more', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout });
      breaker.trip();
      clock.jump(400);
      clock.jump(-backMs);
      const left = leftOf(recoveryTimeout, 400);
      const { retryAfterMs } = Object(await reasonOf(breaker.call(() => 'answer')));
      expect(retryAfterMs).toBeLessThanOrEqual(left);
      expect(retryAfterMs).toBeGreaterThanOrEqual(recoveryTimeout - 400);
      clock.jump(left);
      expect(breaker.state).toBe('halfOpen');
      expect(await breaker.call(() => 'answer')).toBe('answer');
    });

    it('S-27 lets the timer announce the recovery after at most one full wait from the first look', async () => {
      const clock = createTestClock();
      const onHalfOpen = vi.fn();
      const breaker = create({ clock, recoveryTimeout, onHalfOpen });
      breaker.trip();
      clock.jump(400);
      clock.jump(-backMs);
      expect(breaker.state).toBe('open');
      clock.advance(leftOf(recoveryTimeout, 400));
      await flushMicrotasks();
      expect(onHalfOpen).toHaveBeenCalledTimes(1);
    });

    it('S-27 costs a trial that never settles at most one full lease more', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout, trialTimeout: 500 });
      breaker.trip();
      clock.jump(recoveryTimeout);
      breaker.acquire();
      clock.jump(200);
      clock.jump(-backMs);
      const left = leftOf(500, 200);
      const { reason, retryAfterMs } = Object(await reasonOf(breaker.call(() => 'answer')));
      expect(reason).toBe('halfOpen');
      expect(retryAfterMs).toBeLessThanOrEqual(left);
      clock.jump(left);
      expect(breaker.tryAcquire()).toBeDefined();
    });

    it('S-27 keeps a failure in the window for at most one full window more', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, failureThreshold: 4, failureWindow: 1000 });
      await failTimes(breaker, 2);
      clock.jump(-backMs);
      await failTimes(breaker, 1);
      clock.jump(1001);
      await failTimes(breaker, 3);
      expect(breaker.state).toBe('closed');
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    });

    it('S-27 loses no failure of the window', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, failureThreshold: 4, failureWindow: 1000 });
      await failTimes(breaker, 3);
      clock.jump(-backMs);
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    });
  });

  it('S-27 does not open an open circuit early when its clock goes back and comes forth again', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout });
    breaker.trip();
    clock.jump(-hourMs);
    clock.jump(hourMs + recoveryTimeout - 1);
    expect(breaker.state).toBe('open');
    clock.jump(1);
    expect(breaker.state).toBe('halfOpen');
  });

  it('S-27 costs one full wait more for each time that the clock goes back, and no more', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout });
    breaker.trip();
    for (let count = 0; count < 10; count++) {
      clock.jump(-hourMs);
      expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: recoveryTimeout });
      expect(clock.pendingTimers).toBe(1);
    }
    clock.jump(recoveryTimeout);
    expect(breaker.state).toBe('halfOpen');
  });

  it('S-27 changes nothing about failures in a row, an isolation, or a disabled breaker', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 3 });
    await failTimes(breaker, 2);
    clock.jump(-hourMs);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    const hold = breaker.isolate();
    clock.jump(-hourMs);
    expect(breaker.state).toBe('isolated');
    hold[Symbol.dispose]();
    breaker.disable();
    clock.jump(-hourMs);
    expect(breaker.state).toBe('disabled');
    expect(await breaker.call(() => 'answer')).toBe('answer');
  });
});
