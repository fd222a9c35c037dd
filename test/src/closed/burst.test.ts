import { describe, expect, it } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type FacadeOptions, facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';
import { type WayOfWaiting, waysOfWaiting } from '../calling/ways-of-calling.ts';

const recoveryTimeout = 1000;

describe.each(facades)('$name', ({ create }) => {
  /** A breaker with 200 calls under way that are about to fail, each with an error of its own. */
  const setUp = ({ start }: WayOfWaiting, options: Partial<FacadeOptions> = {}) => {
    const heard: string[] = [];
    const clock = createTestClock();
    const breaker = create({
      ...{ clock, recoveryTimeout, ...options },
      onOpen: ({ type }) => heard.push(type),
      onClose: ({ type }) => heard.push(type),
      onHalfOpen: ({ type }) => heard.push(type),
      onStateChange: (from, to) => heard.push(`${from} to ${to}`),
    });
    const work = Array.from({ length: 200 }, () => createDeferred<string>());
    const calls = work.map(({ promise }) => start(breaker, () => promise));
    const errors = work.map((_, index) => new Error(`down ${index}`));
    const fail = (index: number) => work[index]?.reject(errors[index]);
    return { clock, breaker, heard, calls, errors, fail };
  };

  describe.each(waysOfWaiting)('$name', (way) => {
    it.each([
      ['in a row', {}],
      ['within a window', { failureWindow: 500 }],
      ['at the first', { failureThreshold: 1 }],
    ])('S-15 opens once when 200 calls fail at once, counted %s', async (_mode, options) => {
      const { breaker, heard, calls, errors, fail } = setUp(way, options);
      const { generation } = breaker.metrics();
      for (const index of calls.keys()) fail(index);
      const settled = await Promise.allSettled(calls);
      expect(settled).toEqual(errors.map((reason) => ({ status: 'rejected', reason })));
      expect(heard).toEqual(['closed to open', 'breaker.opened']);
      expect(breaker.metrics()).toMatchObject({ state: 'open', generation: generation + 1, reopenings: 0 });
      expect(breaker.metrics()).toMatchObject({ calls: 200, failures: 200, inFlight: 0, rejected: 0 });
    });

    it('S-15 fixes the wait by the failure that opens the circuit', async () => {
      const { breaker, clock, heard, calls, errors, fail } = setUp(way);
      for (let index = 0; index < 5; index++) fail(index);
      await Promise.allSettled(calls.slice(0, 5));
      for (let index = 5; index < 200; index++) {
        clock.advance(1);
        fail(index);
        await Promise.allSettled(calls.slice(index, index + 1));
      }
      expect(breaker.metrics().retryAfterMs).toBe(recoveryTimeout - 195);
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({
        retryAfterMs: recoveryTimeout - 195,
        cause: errors[4],
      });
      expect(heard).toEqual(['closed to open', 'breaker.opened']);
      clock.advance(recoveryTimeout - 195 - 1);
      expect(breaker.state).toBe('open');
      clock.advance(1);
      expect(breaker.state).toBe('halfOpen');
    });
  });

  it.each(waysOfWaiting)(
    'S-15 lets late failures of $name touch neither a trial nor the counts after it',
    async (way) => {
      const { breaker, clock, calls, fail } = setUp(way, { failureThreshold: 2 });
      fail(0);
      fail(1);
      await Promise.allSettled(calls.slice(0, 2));
      clock.jump(recoveryTimeout);
      const trial = breaker.acquire();
      for (let index = 2; index < 100; index++) fail(index);
      await Promise.allSettled(calls.slice(2, 100));
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, reopenings: 0 });
      trial.succeed();
      for (let index = 100; index < 200; index++) fail(index);
      await Promise.allSettled(calls);
      expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0, failures: 200 });
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('closed');
      await failTimes(breaker, 1);
      expect(breaker.state).toBe('open');
    },
  );
});
