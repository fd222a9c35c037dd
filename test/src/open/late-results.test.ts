import { describe, expect, it } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type FacadeOptions, facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';
import { type WayOfWaiting, waysOfWaiting } from '../calling/ways-of-calling.ts';

const recoveryTimeout = 1000;
const down = new Error('down');

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfWaiting)('$name', ({ start }: WayOfWaiting) => {
    /** A breaker that has opened while a call was under way. */
    const setUp = async (options: Partial<FacadeOptions> = {}) => {
      const heard: string[] = [];
      const clock = createTestClock();
      const onStateChange: FacadeOptions['onStateChange'] = (from, to) => heard.push(`${from} to ${to}`);
      const breaker = create({ clock, recoveryTimeout, failureThreshold: 2, onStateChange, ...options });
      const work = createDeferred<string>();
      const call = start(breaker, () => work.promise);
      await failTimes(breaker, 2);
      clock.advance(400);
      heard.length = 0;
      return { breaker, clock, heard, call, work };
    };

    it('S-24 lets a pending success not close an open circuit', async () => {
      const { breaker, clock, heard, call, work } = await setUp();
      const before = breaker.metrics();
      work.resolve('late answer');
      expect(await call).toBe('late answer');
      expect(breaker.metrics()).toEqual({ ...before, successes: 1, inFlight: 0 });
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'open', retryAfterMs: 600 });
      clock.advance(599);
      expect(breaker.state).toBe('open');
      expect(heard).toEqual([]);
    });

    it.each([
      ['in a row', {}],
      ['within a window', { failureWindow: 5000 }],
    ])('S-24 lets a pending failure not re-arm an open circuit, counted %s', async (_mode, options) => {
      const { breaker, clock, heard, call, work } = await setUp(options);
      const { generation, since } = breaker.metrics();
      work.reject(down);
      expect(await reasonOf(call)).toBe(down);
      expect(breaker.metrics()).toMatchObject({ state: 'open', generation, since, reopenings: 0, failures: 3 });
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'open', retryAfterMs: 600 });
      clock.advance(599);
      expect(breaker.state).toBe('open');
      expect(heard).toEqual([]);
      clock.advance(1);
      expect(breaker.state).toBe('halfOpen');
    });

    it('S-24 keeps the cause that opened the circuit when a pending failure arrives', async () => {
      const { breaker, call, work } = await setUp();
      const before = await reasonOf(breaker.call(() => 'answer'));
      work.reject(new Error('late'));
      await call.catch(() => {});
      const { cause } = Object(before);
      expect(cause).toBeInstanceOf(Error);
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({
        cause: expect.toSatisfy((it) => it === cause),
      });
    });

    it.each(['success', 'failure'])('S-24 lets a pending %s decide nothing once trials run', async (end) => {
      const { breaker, clock, call, work } = await setUp();
      clock.advance(600);
      const trial = breaker.acquire();
      end === 'success' ? work.resolve('late answer') : work.reject(down);
      await call.catch(() => {});
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, reopenings: 0 });
      trial.succeed();
      expect(breaker.state).toBe('closed');
    });
  });
});
