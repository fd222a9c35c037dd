import { type BreakerClock, systemClock } from 'agent-circuit-breaker';

/** How many seconds of a breaker pass in one. */
export const speed = 20;

/** A clock by which a minute takes three seconds, so that the recipes keep the durations that they are written with. */
export function createFastClock(): BreakerClock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * speed,
    setTimeout: (callback, ms) => systemClock.setTimeout(callback, ms / speed),
    clearTimeout: (timer) => systemClock.clearTimeout(timer),
  };
}

/** Waits by that clock. */
export function pass(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, (seconds * 1_000) / speed));
}

/** How many seconds have passed since an instant of the platform's clock, by that clock. */
export function secondsSince(at: number): number {
  return ((Date.now() - at) * speed) / 1_000;
}
