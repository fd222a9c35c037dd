import { systemNow } from '../../machines/actor-clock.ts';

/**
 * Tells the time and sets timers. XState's `SimulatedClock` is one, so a test can move a breaker's time by hand.
 */
export interface BreakerClock {
  /** The present in epoch milliseconds; it should never go back. */
  now(): number;
  /** Calls back once after so many milliseconds; returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Forgets a timer, also one that has fired or was never set. */
  clearTimeout(timer: unknown): void;
  /**
   * Draws a number from 0 to 1 (1 excluded), for the jitter of `recoveryBackoff` and the shares of `recoveryRamp`.
   * @default Math.random
   */
  random?(): number;
}

/**
 * The clock of a breaker that is given none. Its time is monotonic, so steps of the wall clock move nothing; its
 * timers do not keep the process alive and never fire early.
 *
 * @example
 * ```ts
 * createActor(circuitBreakerMachine, { clock: systemClock }).start();
 * ```
 */
export const systemClock: BreakerClock = {
  now: systemNow,
  setTimeout(callback, ms) {
    const timer: SystemTimer = { id: undefined };
    arm(timer, callback, systemNow() + ms);
    return timer;
  },
  clearTimeout(timer: SystemTimer | undefined) {
    clearTimeout(timer?.id);
  },
};

/**
 * How far the wall clock is ahead of a breaker's clock, in milliseconds. The system clock is not moved by steps of the
 * wall clock, but processes have only that one in common; a clock of the user's own is taken for a wall clock.
 */
export function wallLeadMs(clock: BreakerClock): number {
  return clock.now === systemClock.now ? Date.now() - systemNow() : 0;
}

/**
 * Keeps the process alive, which no timer of a breaker does, for somebody who waits for what only such a timer brings
 * about.
 *
 * @returns Lets go of it.
 */
export function keepAwake(): () => void {
  const id = setInterval(() => {}, 60_000);
  return () => clearInterval(id);
}

interface SystemTimer {
  id: ReturnType<typeof setTimeout> | undefined;
}

/** Platform timers can fire up to a millisecond early; such a timer is set once more for what is left. */
function arm(timer: SystemTimer, callback: () => void, due: number): void {
  const id = setTimeout(
    () => {
      const leftMs = due - systemNow();
      if (leftMs > 0 && leftMs < 2) arm(timer, callback, due);
      else callback();
    },
    Math.ceil(due - systemNow()),
  );
  timer.id = id;
  if (typeof id === 'object') id.unref();
}
