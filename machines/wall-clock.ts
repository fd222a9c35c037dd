/** The wall clock made monotonic: it goes on from where it was when the wall clock is put back. */
export class WallClock {
  #latest = 0;
  #aheadMs = 0;

  /** Epoch ms; never less than it has told before. */
  now(): number {
    const wall = Date.now() + this.#aheadMs;
    // One that tells no number stands still.
    if (!Number.isFinite(wall)) return this.#latest;
    if (wall < this.#latest) this.#aheadMs += this.#latest - wall;
    this.#latest = Math.max(this.#latest, wall);
    return this.#latest;
  }
}
