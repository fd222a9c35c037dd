import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { type Facade, facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';
import { failWith, waysOfBeingRejected, waysOfCalling } from '../calling/ways-of-calling.ts';

const recoveryTimeout = 1000;

/** Time passes and timers fire, or time passes and none does. */
const passings: readonly [string, (clock: TestClock, ms: number) => void][] = [
  ['with timers', (clock, ms) => clock.advance(ms)],
  ['with timers frozen', (clock, ms) => clock.jump(ms)],
];

async function openOne(create: Facade['create'], clock: TestClock, options = {}) {
  const breaker = create({ clock, failureThreshold: 1, recoveryTimeout, ...options });
  await failTimes(breaker, 1);
  return breaker;
}

describe.each(facades)('$name', ({ create }) => {
  describe.each(passings)('%s', (_passing, pass) => {
    it.each(waysOfBeingRejected)('S-20 rejects $name until exactly recoveryTimeout has passed', async ({ make }) => {
      const clock = createTestClock();
      const breaker = await openOne(create, clock);
      const fn = vi.fn();
      expect(await reasonOf(make(breaker, fn))).toMatchObject({ reason: 'open', retryAfterMs: 1000 });
      pass(clock, recoveryTimeout - 1);
      expect(await reasonOf(make(breaker, fn))).toMatchObject({ reason: 'open', retryAfterMs: 1 });
      pass(clock, 0.75);
      expect(await reasonOf(make(breaker, fn))).toMatchObject({ reason: 'open', retryAfterMs: 0.25 });
      expect(breaker.state).toBe('open');
      expect(fn).not.toHaveBeenCalled();
      pass(clock, 0.25);
      await make(breaker, fn);
      expect(fn).toHaveBeenCalledTimes(1);
      expect(breaker.state).toBe('closed');
    });

    it('S-20 withholds a permit until exactly recoveryTimeout has passed', async () => {
      const clock = createTestClock();
      const breaker = await openOne(create, clock);
      pass(clock, recoveryTimeout - 1);
      expect(breaker.tryAcquire()).toBeUndefined();
      pass(clock, 1);
      expect(breaker.tryAcquire()).toBeDefined();
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1 });
    });

    it.each([1, 1.5, 60_000, 86_400_000, 2_147_483_647])('S-20 waits %d ms where that is set', async (wait) => {
      const clock = createTestClock();
      const breaker = await openOne(create, clock, { recoveryTimeout: wait });
      pass(clock, wait - 0.5);
      expect(breaker.state).toBe('open');
      pass(clock, 0.5);
      expect(breaker.state).toBe('halfOpen');
    });

    it('S-20 waits anew, and as long, after a trial that failed', async () => {
      const clock = createTestClock();
      const breaker = await openOne(create, clock);
      pass(clock, recoveryTimeout);
      await failTimes(breaker, 1);
      expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings: 1, retryAfterMs: recoveryTimeout });
      pass(clock, recoveryTimeout - 1);
      expect(breaker.state).toBe('open');
      pass(clock, 1);
      expect(breaker.state).toBe('halfOpen');
    });
  });

  it('S-20 waits a minute by default', async () => {
    const clock = createTestClock();
    const breaker = create({ clock });
    await failTimes(breaker, 5);
    clock.jump(59_999);
    expect(breaker.state).toBe('open');
    clock.jump(1);
    expect(breaker.state).toBe('halfOpen');
  });

  it.each(waysOfCalling)('S-21 makes $name the trial although no timer has fired', async ({ make }) => {
    const clock = createTestClock();
    for (const [work, state] of [[() => 'answer', 'closed'] as const, [failWith('down'), 'open'] as const]) {
      const breaker = await openOne(create, clock);
      clock.jump(86_400_000);
      await make(breaker, work).catch(() => {});
      expect(breaker.state).toBe(state);
      expect(breaker.metrics().calls).toBe(2);
    }
  });

  it.each<[string, (breaker: ReturnType<Facade['create']>) => unknown]>([
    ['state', (breaker) => breaker.state],
    ['metrics().state', (breaker) => breaker.metrics().state],
  ])('S-21 lets %s read halfOpen although no timer has fired, and says so once', async (_name, read) => {
    const clock = createTestClock();
    const heard: string[] = [];
    const breaker = await openOne(create, clock, {
      onHalfOpen: () => heard.push(`halfOpen, state ${breaker.state}`),
      onStateChange: (from: string, to: string) => heard.push(`${from} to ${to}`),
    });
    heard.length = 0;
    clock.jump(recoveryTimeout);
    expect(read(breaker)).toBe('halfOpen');
    expect(read(breaker)).toBe('halfOpen');
    expect(heard).toEqual(['open to halfOpen', 'halfOpen, state halfOpen']);
  });

  it('S-21 fires onHalfOpen by itself when the timer fires', async () => {
    const clock = createTestClock();
    const onHalfOpen = vi.fn();
    await openOne(create, clock, { onHalfOpen });
    clock.advance(recoveryTimeout - 1);
    await flushMicrotasks();
    expect(onHalfOpen).not.toHaveBeenCalled();
    clock.advance(1);
    await Promise.resolve();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
    expect(onHalfOpen).toHaveBeenCalledWith(
      expect.objectContaining({ type: 'breaker.halfOpened', name: 'breaker', at: clock.now() }),
    );
    clock.advance(86_400_000);
    await flushMicrotasks();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
  });

  it('S-21 lets a timer that fires late change nothing any more', async () => {
    const clock = createTestClock();
    const onStateChange = vi.fn();
    const breaker = await openOne(create, clock, { onStateChange });
    clock.jump(recoveryTimeout);
    await breaker.call(() => 'answer');
    onStateChange.mockClear();
    clock.advance(86_400_000);
    await flushMicrotasks();
    expect(breaker.state).toBe('closed');
    expect(onStateChange).not.toHaveBeenCalled();
  });

  it('S-21 dates the change by the clock, not by when it was due', async () => {
    const clock = createTestClock();
    const breaker = await openOne(create, clock);
    clock.jump(5 * recoveryTimeout);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', since: clock.now() });
  });
});

it('S-21 recovers at the next call with a clock whose timers never fire at all', async () => {
  let now = 0;
  const clock = { now: () => now, setTimeout: () => 0, clearTimeout: () => {} };
  const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout });
  for (let round = 0; round < 3; round++) {
    await failTimes(breaker, 1);
    now += recoveryTimeout - 1;
    expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'open' });
    now += 1;
    expect(await breaker.call(() => 'answer')).toBe('answer');
  }
});
