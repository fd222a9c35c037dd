import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { runScript } from '../../support/child.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const recoveryTimeout = 1000;

describe('a process whose last timer is that of a breaker', () => {
  it.each([
    ['the wait of an open circuit', 'wait', 'open'],
    ['the deadline of a run', 'deadline', 'closed'],
    ['the lease of a trial', 'lease', 'halfOpen'],
  ])('S-25 ends at once: %s does not keep it alive', async (_name, scenario, state) => {
    const begin = performance.now();
    const end = await runScript('test/src/open/scripts/exit.ts', scenario);
    expect(end).toEqual({ code: 0, stdout: `${state}\n`, stderr: '' });
    // Its timer had a minute left.
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
});

describe('the timers of a breaker', () => {
  const setUp = () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout, trialTimeout: 500 });
    return { breaker, clock };
  };

  it.each<[string, (parts: ReturnType<typeof setUp>) => unknown]>([
    ['closed', () => {}],
    ['open', ({ breaker }) => breaker.trip()],
    ['open after a failure', ({ breaker }) => failTimes(breaker, 1)],
    [
      'half-open with a trial running',
      ({ breaker, clock }) => {
        breaker.trip();
        clock.advance(recoveryTimeout);
        breaker.acquire();
      },
    ],
    ['isolated', ({ breaker }) => breaker.isolate()],
    ['disabled', ({ breaker }) => breaker.disable()],
    [
      'closed after a run that had a deadline',
      ({ breaker }) => breaker.run(() => 'answer', { timeout: 60_000, signal: new AbortController().signal }),
    ],
  ])('S-25 are gone after stop() while %s', async (_name, enter) => {
    const parts = setUp();
    await enter(parts);
    parts.breaker.stop();
    expect(parts.clock.pendingTimers).toBe(0);
    parts.breaker.stop();
    parts.breaker.trip();
    await failTimes(parts.breaker, 3);
    expect(parts.breaker.state).toBe('stopped');
    expect(parts.clock.pendingTimers).toBe(0);
  });

  it('S-25 are gone at the end of a block that uses the breaker', async () => {
    const clock = createTestClock();
    {
      using breaker = createBreaker({ clock, failureThreshold: 1 });
      await failTimes(breaker, 1);
      expect(clock.pendingTimers).toBe(1);
    }
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(facades)('S-25 do not pile up over many openings of $name', async ({ create }) => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 1, recoveryTimeout });
    expect(clock.pendingTimers).toBe(0);
    for (let round = 0; round < 100; round++) {
      await failTimes(breaker, 1);
      for (let count = 0; count < 10; count++) await breaker.call(() => 'answer').catch(() => {});
      expect(clock.pendingTimers).toBe(1);
      if (round % 2 === 0) clock.advance(recoveryTimeout);
      else clock.jump(recoveryTimeout);
      await breaker.run(() => 'answer', { timeout: 60_000 });
      expect(clock.pendingTimers).toBe(0);
    }
  });
});
