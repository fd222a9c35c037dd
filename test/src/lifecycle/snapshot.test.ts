import { type BreakerOptions, type BreakerSnapshot, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

const down = new Error('down');
const recoveryTimeout = 1000;
const options = { name: 'model', recoveryTimeout, failureThreshold: 3 } as const;

/** A snapshot after a way through JSON, as it comes from a file or a database. */
function stored(breaker: CircuitBreaker): BreakerSnapshot {
  return JSON.parse(JSON.stringify(breaker));
}

/** A breaker that goes on from another one, on the same clock. */
function goOn(breaker: CircuitBreaker, clock: TestClock, changed: BreakerOptions = {}): CircuitBreaker {
  const snapshot = stored(breaker);
  breaker.stop();
  return createBreaker({ ...options, clock, snapshot, ...changed });
}

/** Every state, how to get there, and what a breaker is that goes on from there. */
const states: readonly [string, (breaker: CircuitBreaker, clock: TestClock) => unknown, restored: string][] = [
  ['closed', (breaker) => breaker.acquire().fail(down), 'closed'],
  ['open', (breaker) => breaker.trip(), 'open'],
  [
    'halfOpen',
    (breaker, clock) => {
      breaker.trip();
      clock.jump(recoveryTimeout);
    },
    'halfOpen',
  ],
  ['isolated', (breaker) => breaker.isolate(), 'isolated'],
  ['disabled', (breaker) => breaker.disable(), 'disabled'],
];

describe.each(states)('a breaker that is %s', (state, enter, restored) => {
  const createEntered = () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock });
    enter(breaker, clock);
    return { breaker, clock };
  };

  it('S-70 is written down as plain, versioned JSON', () => {
    const { breaker } = createEntered();
    const snapshot = breaker.toJSON();
    expect(snapshot).toMatchObject({ version: 1, name: 'model', state });
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(JSON.parse(JSON.stringify({ breaker }))).toEqual({ breaker: snapshot });
  });

  it('S-70 is gone on from in the same state, and writes the same down', () => {
    const { breaker, clock } = createEntered();
    const before = breaker.toJSON();
    const next = goOn(breaker, clock);
    expect(next.state).toBe(restored);
    if (state !== 'halfOpen') expect(next.toJSON()).toEqual(before);
  });

  it('S-22 is not changed by being written down a hundred times', () => {
    const { breaker, clock } = createEntered();
    const first = breaker.toJSON();
    const timers = clock.pendingTimers;
    for (let count = 0; count < 100; count++) expect(breaker.toJSON()).toEqual(first);
    expect(breaker.metrics().trials).toBe(0);
    expect(clock.pendingTimers).toBe(timers);
    if (state !== 'open' && state !== 'isolated') expect(breaker.tryAcquire()).toBeDefined();
  });

  it('S-70 is written down as a copy: changing it changes nothing, nor does anything change it', () => {
    const { breaker, clock } = createEntered();
    const snapshot = breaker.toJSON();
    const text = JSON.stringify(snapshot);
    Object.assign(snapshot.counts.window, { calls: 99, newest: '~~~' });
    Object.assign(snapshot.counts, { consecutiveFailures: 99 });
    Object.assign(snapshot.totals, { failures: 99 });
    Object.assign(snapshot, { state: 'disabled', generation: 99 });
    expect(JSON.stringify(breaker.toJSON())).toBe(text);
    const kept = breaker.toJSON();
    const next = createBreaker({ ...options, clock, snapshot: kept });
    next.reset();
    next.acquire().fail(down);
    breaker.reset();
    expect(JSON.stringify(kept)).toBe(text);
  });

  it('S-62 can be written down once it has stopped, as it was', () => {
    const { breaker, clock } = createEntered();
    const before = breaker.toJSON();
    breaker.stop();
    expect(breaker.toJSON()).toEqual(before);
    expect(goOn(breaker, clock).state).toBe(restored);
  });

  it('S-25 leaves no timer once the breaker that goes on is stopped, too', () => {
    const { breaker, clock } = createEntered();
    const next = goOn(breaker, clock);
    expect(next.state).toBe(restored);
    next.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-70 tells nobody of a change when it is gone on from', async () => {
    const { breaker, clock } = createEntered();
    const heard = vi.fn();
    goOn(breaker, clock, { onOpen: heard, onClose: heard });
    await flushMicrotasks();
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('a breaker that goes on from a snapshot', () => {
  it('S-70 waits for what is left of the wait, and not longer', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock });
    breaker.trip();
    clock.jump(400);
    const next = goOn(breaker, clock);
    expect(next.metrics()).toMatchObject({ state: 'open', retryAfterMs: 600, waitMs: 1000 });
    clock.jump(599);
    expect(await reasonOf(next.call(() => 'never'))).toMatchObject({ reason: 'open', retryAfterMs: 1 });
    clock.jump(1);
    expect(await next.call(() => 'answer')).toBe('answer');
    expect(next.state).toBe('closed');
  });

  it('S-21 fires onHalfOpen by itself when the rest of the wait is over', async () => {
    const clock = createTestClock();
    const onHalfOpen = vi.fn();
    const breaker = createBreaker({ ...options, clock });
    breaker.trip();
    clock.jump(400);
    goOn(breaker, clock, { onHalfOpen });
    clock.advance(599);
    await flushMicrotasks();
    expect(onHalfOpen).not.toHaveBeenCalled();
    clock.advance(1);
    await flushMicrotasks();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
  });

  it('S-21 fires it at once when the wait was over long before', async () => {
    const clock = createTestClock();
    const onHalfOpen = vi.fn();
    const breaker = createBreaker({ ...options, clock });
    breaker.trip();
    const snapshot = stored(breaker);
    clock.jump(86_400_000);
    createBreaker({ ...options, clock, snapshot, onHalfOpen });
    clock.advance(1);
    await flushMicrotasks();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
  });

  it('S-70 is open and due where a trial was running, whose owner is gone', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock, trialTimeout: 60_000 });
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.acquire();
    const next = goOn(breaker, clock);
    expect(next.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, inFlight: 0, reopenings: 0 });
    expect(await next.call(() => 'answer')).toBe('answer');
    expect(next.state).toBe('closed');
  });

  it('S-70 remembers how often trials have failed, for the next wait', () => {
    const clock = createTestClock();
    const recoveryBackoff = { factor: 3 };
    const breaker = createBreaker({ ...options, clock, recoveryBackoff });
    breaker.trip();
    clock.jump(1000);
    breaker.acquire().fail(down);
    clock.jump(1000);
    const next = goOn(breaker, clock, { recoveryBackoff });
    expect(next.metrics()).toMatchObject({ state: 'open', reopenings: 1, waitMs: 3000, retryAfterMs: 2000 });
    clock.jump(2000);
    next.acquire().fail(down);
    expect(next.metrics()).toMatchObject({ state: 'open', reopenings: 2, waitMs: 9000 });
  });

  it.each<[string, (breaker: CircuitBreaker) => unknown]>([
    ['reset()', (breaker) => breaker.reset()],
    ['breaker.release', (breaker) => breaker.actor.send({ type: 'breaker.release' })],
  ])('S-70 is isolated until %s, whatever the number of holds was', (_name, release) => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock });
    const holds = [breaker.isolate(), breaker.isolate()];
    const next = goOn(breaker, clock);
    for (const hold of holds) hold[Symbol.dispose]();
    clock.advance(86_400_000);
    expect(next.state).toBe('isolated');
    release(next);
    expect(next.state).toBe('closed');
  });

  it('S-60 is isolated once more than there are handles: one hold is that of the breaker before', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock });
    breaker.isolate();
    const next = goOn(breaker, clock);
    next.isolate()[Symbol.dispose]();
    expect(next.state).toBe('isolated');
    next.actor.send({ type: 'breaker.release' });
    expect(next.state).toBe('closed');
  });

  it('S-70 keeps its totals but for calls that had not ended', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock, slowCallThreshold: 10 });
    breaker.acquire();
    for (const end of ['succeed', 'fail', 'ignore', 'cancel'] as const) breaker.acquire()[end]();
    const slow = breaker.acquire();
    clock.jump(11);
    slow.succeed();
    breaker.trip();
    breaker.tryAcquire();
    const { inFlight, calls, ...totals } = breaker.metrics();
    expect([inFlight, calls]).toEqual([1, 6]);
    const next = goOn(breaker, clock, { slowCallThreshold: 10 });
    expect(next.metrics()).toEqual({ ...totals, inFlight: 0, calls: 5 });
    expect(next.metrics()).toMatchObject({ rejected: 1, lastFailure: { name: 'SlowCallError' } });
  });

  it('S-35 is not told of what was admitted before', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...options, clock, failureThreshold: 1 });
    const late = breaker.acquire();
    const next = goOn(breaker, clock, { failureThreshold: 1 });
    late.fail(down);
    expect(next.metrics()).toMatchObject({ state: 'closed', failures: 0 });
  });
});
