import { createBreaker, type RecoveryBackoff } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { type FacadeOptions, facades } from '../calling/facades.ts';
import { createScriptedClock } from './scripted-clock.ts';

const down = new Error('down');
const recoveryTimeout = 1000;

describe.each(facades)('$name', ({ create }) => {
  const createOpen = (recoveryBackoff: RecoveryBackoff, options: Partial<FacadeOptions> = {}) => {
    const clock = createScriptedClock();
    const breaker = create({ clock, failureThreshold: 1, recoveryTimeout, recoveryBackoff, ...options });
    /** Fails until it opens, from closed or as a trial; returns how long it waits. */
    const failOnce = () => {
      breaker.acquire().fail(down);
      return breaker.metrics().waitMs;
    };
    /** The waits of so many openings in a row, each of which is waited out. */
    const waits = (count: number) =>
      Array.from({ length: count }, () => {
        const waitMs = failOnce();
        clock.jump(waitMs ?? 0);
        return waitMs;
      });
    return { breaker, clock, failOnce, waits };
  };

  it('S-28 waits longer by the factor with each trial that fails', () => {
    expect(createOpen({ factor: 3 }).waits(5)).toEqual([1000, 3000, 9000, 27_000, 81_000]);
    expect(createOpen({}).waits(4)).toEqual([1000, 2000, 4000, 8000]);
    expect(createOpen({ factor: 1 }).waits(4)).toEqual([1000, 1000, 1000, 1000]);
    expect(createOpen({ factor: 1.5 }).waits(3)).toEqual([1000, 1500, 2250]);
  });

  it('S-28 never waits longer than maxRecoveryTimeout, however many trials fail', () => {
    expect(createOpen({ factor: 10, maxRecoveryTimeout: 50_000 }).waits(4)).toEqual([1000, 10_000, 50_000, 50_000]);
    const { waits } = createOpen({ factor: 1000, jitter: 1 });
    for (const waitMs of waits(200).slice(3)) expect(waitMs).toBe(3_600_000);
    expect(createOpen({ maxRecoveryTimeout: 1000 }).waits(3)).toEqual([1000, 1000, 1000]);
  });

  it('S-28 takes a share of no wait that is infinite', () => {
    const { clock, waits } = createOpen({ factor: 1000, jitter: 1 });
    clock.draw(0);
    for (const waitMs of waits(200)) expect(waitMs).toBe(1);
  });

  it('S-28 caps at an hour, or at recoveryTimeout where that is longer', () => {
    expect(createOpen({ factor: 1000 }).waits(4)).toEqual([1000, 1_000_000, 3_600_000, 3_600_000]);
    expect(createOpen({}, { recoveryTimeout: 7_200_000 }).waits(3)).toEqual([7_200_000, 7_200_000, 7_200_000]);
  });

  it('S-28 keeps every wait until exactly its end, and tells it', async () => {
    const { breaker, clock, failOnce } = createOpen({ factor: 4 });
    for (const [reopenings, waitMs] of [1000, 4000, 16_000].entries()) {
      failOnce();
      expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings, waitMs, retryAfterMs: waitMs });
      clock.jump(waitMs - 1);
      expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs, retryAfterMs: 1 });
      expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'open', retryAfterMs: 1 });
      clock.jump(1);
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', waitMs: null, retryAfterMs: null });
    }
  });

  it('S-28 lets the timer announce the end of every wait', async () => {
    const onHalfOpen = vi.fn();
    const { breaker, clock, failOnce } = createOpen({ factor: 4 }, { onHalfOpen });
    for (const [before, waitMs] of [1000, 4000, 16_000].entries()) {
      failOnce();
      clock.advance(waitMs - 1);
      await flushMicrotasks();
      expect(onHalfOpen).toHaveBeenCalledTimes(before);
      clock.advance(1);
      await flushMicrotasks();
      expect(onHalfOpen).toHaveBeenCalledTimes(before + 1);
    }
    breaker.reset();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['closed by a trial', ({ breaker }: ReturnType<typeof createOpen>) => breaker.acquire().succeed()],
    ['reset', ({ breaker }: ReturnType<typeof createOpen>) => breaker.reset()],
  ])('S-28 begins anew once it is %s', (_name, close) => {
    const open = createOpen({ factor: 3 });
    expect(open.waits(3)).toEqual([1000, 3000, 9000]);
    close(open);
    expect(open.breaker.metrics()).toMatchObject({ state: 'closed', reopenings: 0, waitMs: null });
    expect(open.waits(2)).toEqual([1000, 3000]);
  });

  it('S-28 does not make the wait longer by ends that say nothing, nor by opening it by hand', () => {
    const { breaker, clock, failOnce } = createOpen({ factor: 3 });
    failOnce();
    clock.jump(1000);
    breaker.acquire().ignore();
    breaker.acquire().cancel();
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings: 0, waitMs: 1000 });
    clock.jump(1000);
    expect(failOnce()).toBe(3000);
  });

  it('S-28 moves every wait by chance, inside its bounds', () => {
    const { clock, waits } = createOpen({ factor: 2, jitter: 0.2 });
    clock.draw(0, 0.5, 0.75, 0.999_999);
    const [first, second, third, fourth] = waits(4);
    expect(first).toBeCloseTo(800);
    expect(second).toBeCloseTo(2000);
    expect(third).toBeCloseTo(4400);
    expect(fourth).toBeCloseTo(9600, 1);
    expect(fourth).toBeLessThan(9600);
    expect(clock.drawn()).toBe(4);
  });

  it('S-28 caps what chance makes longer, and never waits less than a millisecond', () => {
    const { clock, waits } = createOpen({ jitter: 1, maxRecoveryTimeout: 1500 });
    clock.draw(0.999, 0.999, 0, 0);
    expect(waits(3)).toEqual([1500, 1500, 1]);
  });

  it('S-28 is not moved by chance unless it is asked for', () => {
    const { clock, waits } = createOpen({ factor: 2 });
    clock.draw(0);
    expect(waits(2)).toEqual([1000, 2000]);
    expect(clock.drawn()).toBe(0);
  });

  it.each([Number.NaN, -1, 1, 2, Infinity])('S-28 stays inside its bounds with a clock that draws %d', (lot) => {
    const { clock, failOnce } = createOpen({ jitter: 0.1 });
    clock.draw(lot);
    const waitMs = failOnce();
    expect(waitMs).toBeGreaterThanOrEqual(900);
    expect(waitMs).toBeLessThanOrEqual(1100);
  });

  it('S-28 draws by chance of its own where the clock does not', () => {
    const clock = createScriptedClock();
    const { now, setTimeout, clearTimeout } = clock;
    const drawless = { now, setTimeout, clearTimeout };
    const seen = new Set<number | null>();
    for (let count = 0; count < 20; count++) {
      const { failOnce } = createOpen({ jitter: 0.5 }, { clock: drawless });
      const waitMs = failOnce();
      expect(waitMs).toBeGreaterThanOrEqual(500);
      expect(waitMs).toBeLessThan(1500);
      seen.add(waitMs);
    }
    expect(seen.size).toBeGreaterThan(1);
    expect(clock.drawn()).toBe(0);
  });
});

it('S-27 costs a longer wait at most one such wait more when the clock goes back', () => {
  const clock = createScriptedClock();
  const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout, recoveryBackoff: { factor: 5 } });
  breaker.acquire().fail(down);
  clock.jump(1000);
  breaker.acquire().fail(down);
  clock.jump(-86_400_000);
  expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 5000 });
  clock.jump(5000);
  expect(breaker.state).toBe('halfOpen');
});
