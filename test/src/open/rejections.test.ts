import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { recoveryTimeout, rejectingStates } from '../calling/rejecting-states.ts';
import { waysOfBeingRejected } from '../calling/ways-of-calling.ts';

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfBeingRejected)('$name', ({ make }) => {
    const reject = async (breaker: ReturnType<typeof create>) => {
      const rejection = await reasonOf(make(breaker, () => 'answer'));
      if (CircuitBreakerOpenError.isInstance(rejection)) return rejection;
      throw rejection;
    };

    it.each(rejectingStates)('S-23 says why: $name', async ({ reason, enter }) => {
      const clock = createTestClock();
      const breaker = create({ clock, name: 'model', failureThreshold: 1, recoveryTimeout });
      enter(breaker, clock);
      const rejection = await reject(breaker);
      expect(rejection).toMatchObject({ breaker: 'model', reason, code: 'ERR_CIRCUIT_OPEN', status: 503 });
      expect(rejection.isRetryable).toBe(false);
      expect(rejection.message).toContain('"model"');
    });

    it('S-23 counts retryAfterMs down while open', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout });
      breaker.trip();
      const waits: (number | null)[] = [];
      for (const ms of [0, 1, 249, 250.5, 499]) {
        clock.jump(ms);
        waits.push((await reject(breaker)).retryAfterMs);
      }
      expect(waits).toEqual([1000, 999, 750, 499.5, 0.5]);
    });

    it('S-23 counts retryAfterMs down to the end of the first lease while every trial runs', async () => {
      const clock = createTestClock();
      const breaker = create({ clock, recoveryTimeout, halfOpenTrials: 2, trialTimeout: 500 });
      breaker.trip();
      clock.jump(recoveryTimeout);
      breaker.acquire();
      clock.jump(100);
      breaker.acquire();
      expect((await reject(breaker)).retryAfterMs).toBe(400);
      clock.jump(399);
      expect((await reject(breaker)).retryAfterMs).toBe(1);
    });

    it('S-23 promises no instant while isolated or stopped', async () => {
      const breaker = create({ clock: createTestClock() });
      breaker.isolate();
      expect((await reject(breaker)).retryAfterMs).toBeNull();
      breaker.stop();
      expect((await reject(breaker)).retryAfterMs).toBeNull();
    });

    it('S-23 is a new object every time, whose stack does not grow', async () => {
      const breaker = create({ clock: createTestClock() });
      breaker.trip();
      const rejections = new Set<CircuitBreakerOpenError>();
      for (let count = 0; count < 100; count++) rejections.add(await reject(breaker));
      expect(rejections.size).toBe(100);
      const stacks = new Set([...rejections].map(({ stack }) => stack));
      expect(stacks.size).toBe(1);
      for (const stack of stacks) expect(String(stack).split('\n')).toHaveLength(1);
    });

    it('S-23 leaves the stacks of other errors alone', async () => {
      const breaker = create({ clock: createTestClock() });
      breaker.trip();
      const { stackTraceLimit } = Error;
      await reject(breaker);
      expect(Error.stackTraceLimit).toBe(stackTraceLimit);
      expect(String(new Error('other').stack).split('\n').length).toBeGreaterThan(1);
    });
  });

  it('S-23 is made, and by a promise where it has to be, although stacks cannot be switched off', async () => {
    const breaker = create({ clock: createTestClock() });
    breaker.trip();
    const { stackTraceLimit } = Error;
    const lock = (writable: boolean) =>
      Object.defineProperty(Error, 'stackTraceLimit', { value: stackTraceLimit, writable });
    lock(false);
    try {
      expect(() => breaker.acquire()).toThrow(CircuitBreakerOpenError);
      expect(await reasonOf(breaker.call(() => 'answer'))).toBeInstanceOf(CircuitBreakerOpenError);
    } finally {
      lock(true);
    }
  });
});
