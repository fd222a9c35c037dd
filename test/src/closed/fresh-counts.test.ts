import type { CircuitBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const recoveryTimeout = 1000;

const modes = [
  { mode: 'in a row', options: {} },
  { mode: 'within a window that is longer than the recovery', options: { failureWindow: 3_600_000 } },
] as const;

type Closing = readonly [name: string, close: (breaker: CircuitBreaker, clock: TestClock) => Promise<unknown>];

/** Every way from open, isolated or disabled to closed, for a breaker that has just failed often enough to open. */
const closings: readonly Closing[] = [
  [
    'after a successful trial, found by a call',
    async (breaker, clock) => {
      clock.jump(recoveryTimeout);
      await breaker.call(() => 'answer');
    },
  ],
  [
    'after a successful trial, announced by the timer',
    async (breaker, clock) => {
      clock.advance(recoveryTimeout);
      breaker.acquire().succeed();
    },
  ],
  [
    'after a trial that failed and one that succeeded',
    async (breaker, clock) => {
      clock.advance(recoveryTimeout);
      await failTimes(breaker, 1);
      clock.advance(recoveryTimeout);
      await breaker.call(() => 'answer');
    },
  ],
  ['after reset()', async (breaker) => breaker.reset()],
  ['after an isolation', async (breaker) => breaker.isolate()[Symbol.dispose]()],
  [
    'after disable() and enable()',
    async (breaker) => {
      breaker.disable();
      await failTimes(breaker, 10);
      breaker.enable();
    },
  ],
];

describe.each(facades)('$name', ({ create }) => {
  describe.each(modes)('counting $mode', ({ options }) => {
    it.each(closings)('S-16 has forgotten every failure %s', async (_name, close) => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout, failureThreshold: 3, ...options });
      for (let round = 0; round < 3; round++) {
        await failTimes(breaker, 3);
        expect(breaker.state).toBe('open');
        await close(breaker, clock);
        expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0, reopenings: 0 });
        await failTimes(breaker, 2);
        expect(breaker.state).toBe('closed');
        await failTimes(breaker, 1);
        expect(breaker.state).toBe('open');
        await close(breaker, clock);
      }
    });

    it('S-16 has forgotten failures that did not open the circuit when it is reset', async () => {
      const breaker = create({ clock: createTestClock(), failureThreshold: 3, ...options });
      await failTimes(breaker, 2);
      breaker.reset();
      expect(breaker.metrics().consecutiveFailures).toBe(0);
      await failTimes(breaker, 2);
      expect(breaker.state).toBe('closed');
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    });

    it('S-16 has forgotten failures from before an isolation that began while closed', async () => {
      const breaker = create({ clock: createTestClock(), failureThreshold: 3, ...options });
      await failTimes(breaker, 2);
      breaker.isolate()[Symbol.dispose]();
      await failTimes(breaker, 2);
      expect(breaker.state).toBe('closed');
    });

    it('S-16 counts no failure of a call that began before the circuit opened', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout, failureThreshold: 3, ...options });
      const slow = Array.from({ length: 10 }, () => createDeferred<string>());
      const calls = slow.map(({ promise }) => breaker.call(() => promise));
      await failTimes(breaker, 3);
      clock.jump(recoveryTimeout);
      await breaker.call(() => 'answer');
      for (const { reject } of slow) reject(new Error('down'));
      await Promise.allSettled(calls);
      expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0 });
      await failTimes(breaker, 2);
      expect(breaker.state).toBe('closed');
    });
  });
});
