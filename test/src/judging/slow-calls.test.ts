import { SlowCallError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failWith, waysOfCalling, waysOfWaiting } from '../calling/ways-of-calling.ts';

const down = new Error('down');
const slowCallThreshold = 100;
const recoveryTimeout = 1000;

describe.each(facades)('$name', ({ create }) => {
  const createSlow = (options = {}) => {
    const clock = createTestClock();
    const onSuccess = vi.fn();
    const onFailure = vi.fn();
    const breaker = create({
      ...{ clock, name: 'model', slowCallThreshold, recoveryTimeout, failureThreshold: 2, onSuccess, onFailure },
      ...options,
    });
    /** Work that takes so long while nothing else happens. */
    const taking = (ms: number, work: () => unknown) => () => {
      clock.jump(ms);
      return work();
    };
    return { breaker, clock, onSuccess, onFailure, taking };
  };

  describe.each(waysOfCalling)('$name', ({ name, make }) => {
    it('S-37 returns the result of a call that was too slow, and counts a failure', async () => {
      const { breaker, clock, onSuccess, onFailure, taking } = createSlow();
      const answer = { text: 'answer' };
      expect(
        await make(
          breaker,
          taking(100.5, () => answer),
        ),
      ).toBe(answer);
      expect(onSuccess).not.toHaveBeenCalled();
      expect(onFailure).toHaveBeenCalledTimes(1);
      const [error, event] = onFailure.mock.calls[0] ?? [];
      expect(error).toBeInstanceOf(SlowCallError);
      expect(error).toMatchObject({ name: 'SlowCallError', code: 'ERR_SLOW_CALL', breaker: 'model' });
      expect(error).toMatchObject({ durationMs: 100.5, slowCallThresholdMs: 100 });
      expect(event).toEqual({ type: 'call.failed', name: 'model', at: clock.now(), generation: 0 });
      expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 0, failures: 1, slow: 1, inFlight: 0 });
      expect(breaker.metrics()).toMatchObject({ slowRate: 1, failureRate: 1, consecutiveFailures: 1 });
      expect(breaker.metrics().lastFailure).toEqual({
        name: 'SlowCallError',
        kind: null,
        status: null,
        at: clock.now(),
      });
    });

    it('S-37 does not take a call for slow that takes exactly as long as it may', async () => {
      const { breaker, onSuccess, onFailure, taking } = createSlow({ failureThreshold: 1 });
      expect(
        await make(
          breaker,
          taking(slowCallThreshold, () => 'answer'),
        ),
      ).toBe('answer');
      expect(onFailure).not.toHaveBeenCalled();
      expect(onSuccess).toHaveBeenCalledTimes(1);
      expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 1, failures: 0, slow: 0, slowRate: 0 });
    });

    it('S-37 opens by slow calls alone, and names the last of them as the cause of its rejections', async () => {
      const { breaker, onFailure, taking } = createSlow();
      for (let made = 0; made < 2; made++)
        expect(
          await make(
            breaker,
            taking(101, () => made),
          ),
        ).toBe(made);
      expect(breaker.state).toBe('open');
      const [cause] = onFailure.mock.calls[1] ?? [];
      if (name !== 'tryAcquire')
        expect(await reasonOf(make(breaker, () => 'never'))).toMatchObject({ reason: 'open', cause });
      expect(cause).toBeInstanceOf(SlowCallError);
    });

    it('S-37 counts a call once that fails and is slow, with its own error', async () => {
      const { breaker, onFailure, taking } = createSlow();
      expect(await reasonOf(make(breaker, taking(500, failWith(down))))).toBe(down);
      expect(onFailure).toHaveBeenCalledTimes(1);
      expect(onFailure).toHaveBeenCalledWith(down, expect.anything());
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 1, slow: 1, consecutiveFailures: 1 });
    });

    it('S-37 re-opens by a trial that is slow, whose result is returned', async () => {
      const { breaker, clock, onFailure, taking } = createSlow();
      breaker.trip();
      clock.jump(recoveryTimeout);
      expect(
        await make(
          breaker,
          taking(101, () => 'answer'),
        ),
      ).toBe('answer');
      expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings: 1, slow: 1, retryAfterMs: recoveryTimeout });
      expect(onFailure).toHaveBeenCalledWith(expect.any(SlowCallError), expect.anything());
      clock.jump(recoveryTimeout);
      expect(
        await make(
          breaker,
          taking(slowCallThreshold, () => 'answer'),
        ),
      ).toBe('answer');
      expect(breaker.state).toBe('closed');
    });

    it('S-37 does not time the calls of a disabled breaker', async () => {
      const { breaker, onFailure, taking } = createSlow({ failureThreshold: 1 });
      breaker.disable();
      expect(
        await make(
          breaker,
          taking(5000, () => 'answer'),
        ),
      ).toBe('answer');
      expect(onFailure).not.toHaveBeenCalled();
      expect(breaker.metrics()).toMatchObject({ state: 'disabled', calls: 0, failures: 0, slow: 0, slowRate: 0 });
      breaker.enable();
      await make(
        breaker,
        taking(5000, () => 'answer'),
      );
      expect(breaker.state).toBe('open');
    });
  });

  it.each(waysOfWaiting)(
    'S-37 times each call of $name by itself, from its admission to its end',
    async ({ start }) => {
      const { breaker, clock, onSuccess, onFailure } = createSlow({ failureThreshold: 5 });
      const [first, second] = [createDeferred<string>(), createDeferred<string>()];
      const slow = start(breaker, () => first.promise);
      clock.advance(60);
      const quick = start(breaker, () => second.promise);
      clock.advance(60);
      first.resolve('first');
      second.resolve('second');
      expect(await Promise.all([slow, quick])).toEqual(['first', 'second']);
      expect(onFailure).toHaveBeenCalledTimes(1);
      expect(onSuccess).toHaveBeenCalledTimes(1);
      expect(breaker.metrics()).toMatchObject({ calls: 2, slow: 1, failures: 1, successes: 1, slowRate: 0.5 });
    },
  );

  it('S-37 takes no call for slow that its caller gave up, or that ends without a verdict', async () => {
    const { breaker, clock, onFailure } = createSlow({ failureThreshold: 1 });
    const [ignored, cancelled] = [breaker.acquire(), breaker.acquire()];
    const stop = new AbortController();
    const call = breaker.run(() => new Promise(() => {}), { signal: stop.signal });
    clock.advance(5000);
    ignored.ignore();
    cancelled.cancel();
    stop.abort('stop');
    expect(await reasonOf(call)).toBe('stop');
    expect(onFailure).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', slow: 0, failures: 0, ignored: 1, cancelled: 2 });
  });

  it('S-37 counts a call once that misses its deadline and is slow', async () => {
    const { breaker, clock } = createSlow();
    const call = breaker.run(() => new Promise(() => {}), { timeout: 300 }).catch((error: unknown) => error);
    clock.advance(300);
    expect(await call).toMatchObject({ name: 'CallTimeoutError' });
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 1, slow: 1, timeouts: 1 });
  });

  it('S-37 counts slow calls in a rate, and tells what share they have', () => {
    const { breaker, clock } = createSlow({ failureRateThreshold: 0.5, windowSize: 4, minimumCalls: 4 });
    const rates: number[] = [];
    for (const [ms, end] of [
      [10, 'succeed'],
      [10, 'succeed'],
      [101, 'succeed'],
    ] as const) {
      const permit = breaker.acquire();
      clock.jump(ms);
      permit[end]();
      rates.push(breaker.metrics().slowRate);
    }
    expect(rates).toEqual([0, 0, 1 / 3]);
    breaker.acquire().fail(down);
    expect(breaker.metrics()).toMatchObject({ state: 'open', slow: 1, failures: 2 });
  });

  it('S-35 lets a slow success of an earlier generation change no state, though it is told', () => {
    const { breaker, clock, onFailure } = createSlow({ failureThreshold: 1 });
    const late = breaker.acquire();
    breaker.reset();
    clock.jump(5000);
    late.succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0, slow: 1, failures: 1 });
    expect(onFailure).toHaveBeenCalledTimes(1);
  });
});
