import { describe, expect, it, vi } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { type FacadeOptions, facades } from '../calling/facades.ts';
import { failWith, waysOfBeingRejected, waysOfCalling } from '../calling/ways-of-calling.ts';
import { createScriptedClock } from '../open/scripted-clock.ts';

const down = new Error('down');
const recoveryTimeout = 1000;
/** Lets a quarter of the calls through, then half, then three quarters, a second each. */
const recoveryRamp = { steps: 3, stepDuration: 1000 } as const;

describe.each(facades)('$name', ({ create }) => {
  const createRamping = (options: Partial<FacadeOptions> = {}) => {
    const clock = createScriptedClock();
    const onStateChange = vi.fn((from: string, to: string) => `${from} -> ${to}`);
    const breaker = create({ clock, failureThreshold: 1, recoveryTimeout, recoveryRamp, onStateChange, ...options });
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.acquire().succeed();
    const changes = () => onStateChange.mock.results.map(({ value }) => value);
    return { breaker, clock, changes };
  };

  it('S-31 is still half-open once its trials have gone well', () => {
    const { breaker, changes } = createRamping();
    expect(breaker.state).toBe('halfOpen');
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', rampShare: 0.25, trials: 0, retryAfterMs: 1000 });
    expect(changes()).toEqual(['closed -> open', 'open -> halfOpen']);
  });

  it('waits for as many trials as it is told before it begins', () => {
    const { breaker } = createRamping({ successThreshold: 2, halfOpenTrials: 2 });
    expect(breaker.metrics().rampShare).toBeNull();
    breaker.acquire().succeed();
    expect(breaker.metrics().rampShare).toBe(0.25);
  });

  it.each([0, 1, 2])('lets exactly its share through in step %d', (step) => {
    const { breaker, clock } = createRamping();
    const share = (step + 1) / 4;
    for (const ms of [0, 999.5]) {
      clock.jump(step === 0 || ms > 0 ? ms : step * 1000);
      expect(breaker.metrics().rampShare).toBe(share);
      clock.draw(share - 0.001);
      expect(breaker.tryAcquire()).toBeDefined();
      clock.draw(share);
      expect(breaker.tryAcquire()).toBeUndefined();
    }
  });

  it('S-36 rejects the others at once, with the time until the share grows', async () => {
    const { breaker, clock } = createRamping();
    clock.draw(0.9);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'halfOpen', retryAfterMs: 1000 });
    clock.jump(300);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'halfOpen', retryAfterMs: 700 });
    clock.jump(700);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'halfOpen', retryAfterMs: 1000 });
    clock.jump(1999);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'halfOpen', retryAfterMs: 1 });
    expect(breaker.metrics()).toMatchObject({ rejected: 4, calls: 1, failures: 0, trials: 0 });
  });

  it.each(waysOfBeingRejected)('S-05 does not make a call by $name that is not in the share', async ({ make }) => {
    const { breaker, clock } = createRamping();
    const fn = vi.fn();
    clock.draw(0.25);
    expect(await reasonOf(make(breaker, fn))).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', reason: 'halfOpen' });
    expect(fn).not.toHaveBeenCalled();
    clock.draw(0.24);
    await make(breaker, fn);
    expect(fn).toHaveBeenCalledTimes(1);
    expect(breaker.state).toBe('halfOpen');
  });

  it.each(waysOfCalling)('S-31 re-opens by one failure of $name', async ({ make }) => {
    const { breaker, clock, changes } = createRamping();
    clock.draw(0);
    await make(breaker, () => 'answer');
    await make(breaker, failWith(down)).catch(() => {});
    expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings: 1, rampShare: null, retryAfterMs: 1000 });
    expect(changes().slice(2)).toEqual(['halfOpen -> open']);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'open', cause: down });
  });

  it.each([
    ['with timers', 'advance'],
    ['with timers frozen', 'jump'],
  ] as const)('S-21 closes at exactly the end of the ramp, %s, and says so once', async (_name, pass) => {
    const onClose = vi.fn();
    const { breaker, clock, changes } = createRamping({ onClose });
    clock[pass](2999);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', rampShare: 0.75 });
    expect(onClose).not.toHaveBeenCalled();
    clock[pass](1);
    if (pass === 'advance') await flushMicrotasks();
    else expect(breaker.state).toBe('closed');
    expect(onClose).toHaveBeenCalledTimes(1);
    clock.draw(0.999);
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', rampShare: null, reopenings: 0, waitMs: null });
    clock.advance(86_400_000);
    await flushMicrotasks();
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(changes().slice(2)).toEqual(['halfOpen -> closed']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-21 lets the call that finds the ramp over pass, whatever is drawn', async () => {
    const { breaker, clock } = createRamping();
    clock.draw(0.999);
    clock.jump(86_400_000);
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', rejected: 0 });
  });

  it('gives every call of one tick a number of its own', async () => {
    const { breaker, clock } = createRamping();
    const before = clock.drawn();
    clock.draw(0.9, 0.1, 0.8, 0.7, 0.2, 0.6, 0.5, 0.24, 0.25, 0.3);
    const ends = await Promise.allSettled(Array.from({ length: 10 }, () => breaker.call(async () => 'answer')));
    const passed = ends.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(passed).toEqual([1, 4, 7]);
    expect(clock.drawn() - before).toBe(10);
  });

  it('S-30 lets its share of a thousand concurrent calls through, more than there are slots', async () => {
    const { breaker, clock } = createRamping();
    clock.jump(1000);
    clock.draw(...Array.from({ length: 1000 }, (_, index) => ((index * 7) % 1000) / 1000));
    const answer = createDeferred<string>();
    const fn = vi.fn(() => answer.promise);
    const calls = Array.from({ length: 1000 }, () => breaker.call(fn).catch(() => 'rejected'));
    expect(fn).toHaveBeenCalledTimes(500);
    expect(breaker.metrics()).toMatchObject({ trials: 500, inFlight: 500, rejected: 500 });
    answer.resolve('answer');
    expect((await Promise.all(calls)).filter((end) => end === 'answer')).toHaveLength(500);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, successes: 501, inFlight: 0 });
  });

  it('S-33 gives the place of a call back on every way out, and no verdict changes nothing', async () => {
    const { breaker, clock } = createRamping();
    clock.draw(0);
    const stop = new AbortController();
    const call = breaker.run(() => new Promise(() => {}), { signal: stop.signal });
    const [ignored, cancelled, disposed] = [breaker.acquire(), breaker.acquire(), breaker.acquire()];
    expect(breaker.metrics().trials).toBe(4);
    stop.abort('stop');
    expect(await reasonOf(call)).toBe('stop');
    ignored.ignore();
    cancelled.cancel();
    expect(breaker.metrics()).toMatchObject({
      state: 'halfOpen',
      rampShare: 0.25,
      trials: 1,
      cancelled: 2,
      ignored: 1,
    });
    disposed[Symbol.dispose]();
    expect(breaker.metrics()).toMatchObject({ state: 'open', trials: 0, failures: 1 });
  });

  it('S-32 hears of the late failure of a call whose lease has run out', () => {
    const { breaker, clock } = createRamping({ trialTimeout: 500 });
    clock.draw(0);
    const lost = breaker.acquire();
    clock.jump(500);
    expect(breaker.metrics().trials).toBe(0);
    lost.fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-35 lets a late end of the ramp change nothing once it is over', () => {
    const { breaker, clock } = createRamping({ trialTimeout: 60_000 });
    clock.draw(0);
    const late = breaker.acquire();
    clock.jump(3000);
    expect(breaker.state).toBe('closed');
    late.fail(down);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0, failures: 1 });
  });

  it('S-37 re-opens by a call that takes too long', async () => {
    const { breaker, clock } = createRamping({ slowCallThreshold: 100 });
    clock.draw(0);
    expect(await breaker.call(async () => clock.jump(101))).toBeUndefined();
    expect(breaker.metrics()).toMatchObject({ state: 'open', slow: 1, reopenings: 1 });
  });

  it('S-22 takes no place and draws no number when it is only read', () => {
    const { breaker, clock } = createRamping();
    const before = clock.drawn();
    for (let count = 0; count < 100; count++) {
      expect(breaker.state).toBe('halfOpen');
      expect(breaker.metrics()).toMatchObject({ rampShare: 0.25, trials: 0 });
      expect(breaker.toJSON().state).toBe('halfOpen');
    }
    expect(clock.drawn()).toBe(before);
  });

  it('S-27 lasts at most one full ramp longer when the clock goes back', () => {
    const { breaker, clock } = createRamping();
    clock.jump(1500);
    clock.jump(-86_400_000);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', rampShare: 0.25, retryAfterMs: 1000 });
    clock.jump(2999);
    expect(breaker.state).toBe('halfOpen');
    clock.jump(1);
    expect(breaker.state).toBe('closed');
  });

  it.each([
    ['reset', 'closed'],
    ['disable', 'disabled'],
    ['isolate', 'isolated'],
  ] as const)('S-61 obeys %s, and leaves no timer of the ramp', (order, state) => {
    const { breaker, clock } = createRamping();
    breaker[order]();
    expect(breaker.metrics()).toMatchObject({ state, trials: 0, rampShare: null });
    expect(clock.pendingTimers).toBe(0);
    clock.jump(3000);
    expect(breaker.state).toBe(state);
  });

  it('S-61 is opened by hand for a full wait, and has its trials before the next ramp', () => {
    const { breaker, clock } = createRamping();
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs: recoveryTimeout, rampShare: null });
    clock.jump(recoveryTimeout);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', rampShare: null });
    breaker.acquire().succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', rampShare: 0.25, retryAfterMs: 1000 });
  });
});
