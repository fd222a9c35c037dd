/** The wall clock made monotonic: it goes on from where it was when the wall clock is put back. */
class WallClock {
  #latest = 0;
  #aheadMs = 0;

  now(): number {
    const wall = Date.now() + this.#aheadMs;
    // One that tells nothing stands still; nothing that waits for it may wait without end for that reason.
    if (!Number.isFinite(wall)) return this.#latest;
    if (wall < this.#latest) this.#aheadMs += this.#latest - wall;
    this.#latest = Math.max(this.#latest, wall);
    return this.#latest;
  }
}

// What the wall clock has told is the process's affair, not a breaker's.
const wallClock = new WallClock();

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
