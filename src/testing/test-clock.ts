import type { BreakerClock } from '../platform/clock.ts';

interface Timer {
  readonly id: number;
  readonly dueAt: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it, and draws the same lots in every run. */
export interface TestClock extends BreakerClock {
  random(): number;
  /**
   * Moves time on and fires every timer that falls due, each at its own instant, in order. It ends where it was told to,
   * or where a timer that moves the clock itself has got to, if that is later.
   *
   * @param ms - Finite, 0 or more.
   * @throws RangeError where it is anything else.
   */
  advance(ms: number): void;
  /**
   * Moves time without firing anything, as when a process was frozen or, back, as when a wall clock is set.
   *
   * @param ms - Finite; negative to go back.
   * @throws RangeError where it is anything else.
   */
  jump(ms: number): void;
  /** How many timers are set. */
  readonly pendingTimers: number;
}

/**
 * Creates a clock for a test.
 *
 * @param start - Its first instant, epoch ms.
 */
export function createTestClock(start = 1_000_000): TestClock {
  let now = start;
  let nextId = 1;
  let timers: Timer[] = [];
  let seed = 1;

  const takeDue = (until: number): Timer | undefined => {
    const due = timers.filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)[0];
    timers = timers.filter((timer) => timer !== due);
    return due;
  };

  return {
    now: () => now,
    setTimeout(callback, ms) {
      if (!(ms >= 0 && ms <= 2_147_483_647)) throw new RangeError(`a platform timer cannot wait ${ms} ms`);
      const timer = { id: nextId++, dueAt: now + ms, callback };
      timers.push(timer);
      return timer.id;
    },
    clearTimeout(id) {
      timers = timers.filter((timer) => timer.id !== id);
    },
    random() {
      seed = (seed * 48_271) % 2_147_483_647;
      return (seed - 1) / 2_147_483_646;
    },
    advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) throw unfit('advance', 'finite and not negative', ms);
      const until = now + ms;
      for (let due = takeDue(until); due; due = takeDue(until)) {
        now = Math.max(now, due.dueAt);
        due.callback();
      }
      // A timer may have moved the clock beyond the end.
      now = Math.max(now, until);
    },
    jump(ms) {
      if (!Number.isFinite(ms)) throw unfit('jump', 'finite', ms);
      now += ms;
    },
    get pendingTimers() {
      return timers.length;
    },
  };
}

function unfit(move: string, wanted: string, ms: unknown): RangeError {
  return new RangeError(`${move} needs milliseconds, ${wanted}, but received ${String(ms)}`);
}
