import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from './facades.ts';
import { failTimes, recoveryTimeout, rejectingStates } from './rejecting-states.ts';
import { waysOfBeingRejected } from './ways-of-calling.ts';

describe.each(facades)('$name', ({ create }) => {
  describe.each(rejectingStates)('$name', ({ reason, enter }) => {
    const setUp = () => {
      const clock = createTestClock();
      const breaker = create({ clock, failureThreshold: 1, recoveryTimeout });
      enter(breaker, clock);
      return { breaker, clock, before: breaker.metrics() };
    };

    it.each(waysOfBeingRejected)('S-05 rejects $name without calling the function', async ({ make }) => {
      const { breaker } = setUp();
      const fn = vi.fn();
      const rejection = await reasonOf(make(breaker, fn));
      expect(rejection).toBeInstanceOf(CircuitBreakerOpenError);
      expect(rejection).toMatchObject({ reason });
      expect(fn).not.toHaveBeenCalled();
    });

    it('S-05 lets tryAcquire return undefined', () => {
      const { breaker, before } = setUp();
      expect(breaker.tryAcquire()).toBeUndefined();
      expect(breaker.metrics()).toEqual({ ...before, rejected: before.rejected + 1 });
    });

    it.each(waysOfBeingRejected)('S-05 counts a rejected $name as a rejection and nothing else', async ({ make }) => {
      const { breaker, before } = setUp();
      for (let count = 0; count < 50; count++) await reasonOf(make(breaker, () => 'answer'));
      expect(breaker.metrics()).toEqual({ ...before, rejected: before.rejected + 50 });
    });

    it('S-05 tells listeners of a rejection once and of no success or failure; a stopped breaker has none', async () => {
      const clock = createTestClock();
      const heard: string[] = [];
      const breaker = create({ clock, failureThreshold: 1, recoveryTimeout });
      breaker.on('success', () => heard.push('success'));
      breaker.on('failure', () => heard.push('failure'));
      breaker.on('reject', (event) => heard.push(`${event.type} ${event.reason}`));
      enter(breaker, clock);
      heard.length = 0;
      await reasonOf(breaker.call(() => 'answer'));
      expect(heard).toEqual(reason === 'stopped' ? [] : [`call.rejected ${reason}`]);
    });
  });

  it.each([
    ['in a row', {}],
    ['within a window', { failureWindow: 3_600_000 }],
  ])(
    'S-05 takes rejections for no failures: after the recovery as many are needed, counted %s',
    async (_mode, mode) => {
      const clock = createTestClock();
      const breaker = create({ clock, failureThreshold: 3, recoveryTimeout, ...mode });
      await failTimes(breaker, 3);
      for (let count = 0; count < 50; count++) await reasonOf(breaker.call(() => 'answer'));
      clock.jump(recoveryTimeout);
      await breaker.call(() => 'answer');
      await failTimes(breaker, 2);
      expect(breaker.state).toBe('closed');
      await failTimes(breaker, 1);
      expect(breaker.metrics()).toMatchObject({ state: 'open', calls: 7, failures: 6, successes: 1, rejected: 50 });
    },
  );

  it('S-05 lets rejections beside a trial neither close nor re-open the circuit', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout });
    breaker.trip();
    clock.jump(recoveryTimeout);
    const trial = breaker.acquire();
    for (let count = 0; count < 50; count++) await reasonOf(breaker.call(() => 'answer'));
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, reopenings: 0, rejected: 50 });
    trial.succeed();
    expect(breaker.state).toBe('closed');
  });
});
