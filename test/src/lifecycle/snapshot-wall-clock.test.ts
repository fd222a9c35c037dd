import {
  attachBreaker,
  type BreakerOptions,
  type BreakerSnapshot,
  type CircuitBreaker,
  createBreaker,
  systemClock,
} from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';

const hourMs = 3_600_000;
const options = { failureThreshold: 1, recoveryTimeout: 60_000 } as const;

/** Moves the wall clock, as another process or a time server does; timers and the monotonic clock go on as before. */
function stepWallClock(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

function stored(breaker: CircuitBreaker): BreakerSnapshot {
  const snapshot = JSON.parse(JSON.stringify(breaker));
  breaker.stop();
  return snapshot;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const attachments: readonly [string, () => CircuitBreaker][] = [
  ['an actor with its own clock', () => attachBreaker(createActor(circuitBreakerMachine, { input: options }).start())],
  [
    'an actor with the system clock',
    () => attachBreaker(createActor(circuitBreakerMachine, { input: options, clock: systemClock }).start()),
  ],
];

/** Every way of having a breaker that lives by the system clock. */
const writers: readonly [string, () => CircuitBreaker][] = [
  ['a breaker without a clock', () => createBreaker(options)],
  ['a breaker given the system clock', () => createBreaker({ ...options, clock: systemClock })],
  ...attachments,
];

/** Every way of going on with the system clock. */
const readers: readonly [string, BreakerOptions][] = [
  ['without a clock', options],
  ['with the system clock', { ...options, clock: systemClock }],
];

describe.each([0, hourMs, -hourMs])('after the wall clock has stepped by %d ms', (stepMs) => {
  describe.each(writers)('a snapshot of %s', (_name, create) => {
    it('S-70 has instants of the wall clock', () => {
      stepWallClock(stepMs);
      const breaker = create();
      breaker.acquire().fail(new Error('down'));
      const { since, recoverAt, totals } = stored(breaker);
      expect(since).toBeCloseTo(Date.now(), 0);
      expect(recoverAt).toBeCloseTo(Date.now() + 60_000, 0);
      expect(totals.lastFailure?.at).toBeCloseTo(Date.now(), 0);
    });

    it.each(readers)('S-70 is gone on from %s with the remaining wait', async (_reader, given) => {
      stepWallClock(stepMs);
      const breaker = create();
      breaker.trip();
      vi.advanceTimersByTime(20_000);
      const onHalfOpen = vi.fn();
      const next = createBreaker({ ...given, snapshot: stored(breaker), onHalfOpen });
      expect(next.metrics().retryAfterMs).toBeCloseTo(40_000, 0);
      await vi.advanceTimersByTimeAsync(39_000);
      expect(onHalfOpen).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1001);
      expect(onHalfOpen).toHaveBeenCalledTimes(1);
      expect(next.state).toBe('halfOpen');
      next.stop();
    });
  });
});

describe('a wall clock that stands elsewhere when the breaker goes on', () => {
  const goOnAfter = (stepMs: number) => {
    const breaker = createBreaker(options);
    breaker.trip();
    vi.advanceTimersByTime(20_000);
    const snapshot = stored(breaker);
    stepWallClock(stepMs);
    return createBreaker({ ...options, snapshot });
  };

  it('S-70 ends the wait by the wall clock: an hour later it is over', () => {
    const next = goOnAfter(hourMs);
    expect(next.state).toBe('halfOpen');
    next.stop();
  });

  it('S-70 ends it by the wall clock: a while later there is less of it', () => {
    const next = goOnAfter(15_000);
    expect(next.metrics().retryAfterMs).toBeCloseTo(25_000, 0);
    next.stop();
  });

  it.each([-hourMs, -24 * hourMs, -61_000])('S-70 waits at most one full wait where it is %d ms behind', (stepMs) => {
    const next = goOnAfter(stepMs);
    expect(next.metrics().retryAfterMs).toBeCloseTo(60_000, 0);
    expect(next.metrics().since).toBeLessThanOrEqual(systemClock.now());
    vi.advanceTimersByTime(60_001);
    expect(next.state).toBe('halfOpen');
    next.stop();
  });

  it('S-27 is of no matter once it goes on', () => {
    const next = goOnAfter(0);
    stepWallClock(hourMs);
    expect(next.metrics().retryAfterMs).toBeCloseTo(40_000, 0);
    stepWallClock(-2 * hourMs);
    expect(next.metrics().retryAfterMs).toBeCloseTo(40_000, 0);
    next.stop();
  });

  it('S-70 keeps the failures of a window by the wall clock', () => {
    for (const [stepMs, state] of [
      [0, 'open'],
      [500, 'open'],
      [1500, 'closed'],
    ] as const) {
      const window = { failureThreshold: 2, failureWindow: 1000 };
      const breaker = createBreaker(window);
      breaker.acquire().fail(new Error('down'));
      const snapshot = stored(breaker);
      stepWallClock(stepMs);
      const next = createBreaker({ ...window, snapshot });
      next.acquire().fail(new Error('down'));
      expect(next.state).toBe(state);
      next.stop();
    }
  });

  it('S-25 leaves no timer after stop()', () => {
    const next = goOnAfter(0);
    expect(vi.getTimerCount()).toBe(1);
    next.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
