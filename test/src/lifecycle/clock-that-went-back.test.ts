import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

describe.each(['held back', 'sent at once'])(
  'failures in a window whose clock went back, outcomes being %s',
  (mode) => {
    it('S-73 are taken to have happened at the moment of the next one, so that none outlives a whole window', async () => {
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 3, failureWindow: 100 });
      if (mode === 'sent at once') breaker.actor.getSnapshot();
      const fail = () => reasonOf(breaker.call(() => Promise.reject(new Error('down'))));

      await fail();
      clock.jump(-100);
      await fail();
      clock.jump(101);
      await fail();
      expect(breaker.state).toBe('closed');
      const base = clock.now();
      expect(breaker.actor.getSnapshot().context.failureTimes).toEqual([base]);
    });

    it('S-73 count while they are inside it', async () => {
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 3, failureWindow: 100 });
      if (mode === 'sent at once') breaker.actor.getSnapshot();
      const fail = () => reasonOf(breaker.call(() => Promise.reject(new Error('down'))));

      await fail();
      clock.jump(-5000);
      await fail();
      clock.jump(100);
      await fail();
      expect(breaker.state).toBe('open');
    });
  },
);
