import { WallClock } from './wall-clock.ts';

// What the wall clock has told is the process's affair, not a breaker's.
const wallClock = new WallClock();

/**
 * The present by an actor's clock, in epoch ms. XState's own `Clock` has no `now()`: where a clock does
 * not tell the time, or tells no number, it is taken from the platform's monotonic clock.
 *
 * @param actor - The actor (`self`), whose clock is asked.
 * @see https://stately.ai/docs/delayed-transitions
 */
export function presentOf(actor: object): number {
  const present = askClock(actor, 'now');
  return typeof present === 'number' && Number.isFinite(present) ? present : systemNow();
}

/**
 * A number from 0 to 1 (1 excluded), drawn by chance: by `random()` of the actor's clock where it has one, so that a
 * test or a replay can tell what chance is.
 *
 * @param actor - The actor (`self`), whose clock is asked.
 */
export function lotOf(actor: object): number {
  const lot = askClock(actor, 'random');
  if (isLot(lot)) return lot;
  const drawn = Math.random();
  // A test may have put nonsense in its place.
  return isLot(drawn) ? drawn : 0;
}

/** Tells whether a value can have been drawn: a number from 0 to 1, 1 excluded. */
export function isLot(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 1;
}

/**
 * Epoch ms from the platform's monotonic clock: steps of the wall clock do not move it. Where there is none, or it tells no
 * number (React Native has no `timeOrigin`, and neither have some fake timers), from the wall clock, made monotonic.
 */
export function systemNow(): number {
  const present = platformNow();
  return Number.isFinite(present) ? present : wallClock.now();
}

function platformNow(): number {
  try {
    return performance.timeOrigin + performance.now();
  } catch {
    return Number.NaN;
  }
}

function askClock(actor: object, method: string): unknown {
  const clock = 'clock' in actor ? actor.clock : undefined;
  if (typeof clock !== 'object' || clock === null) return undefined;
  const ask: unknown = Reflect.get(clock, method);
  try {
    return typeof ask === 'function' ? ask.call(clock) : undefined;
  } catch {
    // A clock that throws would stop the actor for good.
    return undefined;
  }
}
