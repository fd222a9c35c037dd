import { createBreaker, systemClock } from 'agent-circuit-breaker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const hourMs = 3_600_000;
const recoveryTimeout = 1000;

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['forth', hourMs],
  ['back', -hourMs],
])('a step of the wall clock an hour %s', (_name, stepMs) => {
  const step = () => vi.setSystemTime(Date.now() + stepMs);

  describe('with the time of the platform moved by hand', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });

    it('S-27 neither shortens nor lengthens the wait of an open circuit', async () => {
      const onHalfOpen = vi.fn();
      const breaker = createBreaker({ recoveryTimeout, onHalfOpen });
      breaker.trip();
      vi.advanceTimersByTime(400);
      step();
      expect(breaker.state).toBe('open');
      expect(breaker.metrics().retryAfterMs).toBeCloseTo(600);
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ retryAfterMs: expect.closeTo(600) });
      vi.advanceTimersByTime(599);
      expect(breaker.state).toBe('open');
      expect(onHalfOpen).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(onHalfOpen).toHaveBeenCalledTimes(1);
      expect(await breaker.call(() => 'answer')).toBe('answer');
      expect(breaker.state).toBe('closed');
    });

    it('S-27 neither shortens nor lengthens the lease of a trial', () => {
      const breaker = createBreaker({ recoveryTimeout, trialTimeout: 500 });
      breaker.trip();
      vi.advanceTimersByTime(recoveryTimeout);
      const trial = breaker.acquire();
      vi.advanceTimersByTime(200);
      step();
      expect(breaker.tryAcquire()).toBeUndefined();
      expect(breaker.metrics().retryAfterMs).toBeCloseTo(300);
      vi.advanceTimersByTime(299);
      expect(breaker.tryAcquire()).toBeUndefined();
      vi.advanceTimersByTime(1);
      expect(breaker.tryAcquire()).toBeDefined();
      trial.fail();
      expect(breaker.state).toBe('open');
    });

    it('S-27 neither shortens nor lengthens the window of a closed circuit', async () => {
      const breaker = createBreaker({ failureThreshold: 3, failureWindow: 1000 });
      await failTimes(breaker, 2);
      step();
      vi.advanceTimersByTime(1001);
      await failTimes(breaker, 2);
      expect(breaker.state).toBe('closed');
      step();
      vi.advanceTimersByTime(999);
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    });

    it('S-27 changes nothing about failures in a row', async () => {
      const breaker = createBreaker({ failureThreshold: 3 });
      await failTimes(breaker, 2);
      step();
      expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    });

    it('S-27 ends no isolation and enables nothing', async () => {
      const breaker = createBreaker({ recoveryTimeout });
      breaker.isolate();
      step();
      await vi.advanceTimersByTimeAsync(10 * recoveryTimeout);
      expect(breaker.state).toBe('isolated');
      breaker.disable();
      step();
      await vi.advanceTimersByTimeAsync(10 * recoveryTimeout);
      expect(breaker.state).toBe('disabled');
    });

    it('S-27 moves no deadline of a run', async () => {
      const call = createBreaker().run(() => new Promise(() => {}), { timeout: 500 });
      const settled = vi.fn();
      call.catch(settled);
      vi.advanceTimersByTime(200);
      step();
      await vi.advanceTimersByTimeAsync(299);
      expect(settled).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(settled).toHaveBeenCalledWith(expect.objectContaining({ name: 'CallTimeoutError' }));
    });
  });

  describe.each(facades)('with the real time of the platform: $name', ({ create }) => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date'] });
    });

    it('S-27 changes nothing in any state', async () => {
      const breaker = create({
        ...{ failureThreshold: 2, failureWindow: 60_000, recoveryTimeout: 60_000 },
        clock: systemClock,
      });
      await failTimes(breaker, 1);
      step();
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
      step();
      expect(breaker.state).toBe('open');
      const { retryAfterMs } = breaker.metrics();
      expect(retryAfterMs).toBeGreaterThan(50_000);
      expect(retryAfterMs).toBeLessThanOrEqual(60_000);
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'open' });
      breaker.stop();
    });
  });
});
