/**
 * The instants of the latest failures of a sliding window, oldest first. Keeps no more of them than can matter, so
 * that adding one costs the same however many calls the window has seen.
 */
export class FailureTimes {
  readonly #windowMs: number;
  readonly #limit: number;
  #times: number[];
  /** Everything before this index has been forgotten. */
  #start = 0;

  /**
   * @param times - The instants to begin with (epoch ms, oldest first).
   * @param windowMs - How long a failure counts; one that is exactly this old still does.
   * @param limit - How many failures are enough to judge.
   */
  constructor(times: readonly number[], windowMs: number, limit: number) {
    this.#times = [...times];
    this.#windowMs = windowMs;
    this.#limit = limit;
  }

  /** How many instants are kept. */
  get size(): number {
    return this.#times.length - this.#start;
  }

  /** Adds `count` failures at `at` (epoch ms) and forgets those that can no longer matter. */
  add(at: number, count: number): void {
    this.forget(at);
    for (let left = Math.min(count, this.#limit); left > 0; left--) this.#times.push(at);
    this.#start = Math.max(this.#start, this.#times.length - this.#limit);
    if (this.#start > 64 && this.#start * 2 > this.#times.length) {
      this.#times.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** Forgets what has left the window by then (epoch ms). */
  forget(at: number): void {
    const times = this.#times;
    // A clock that went back: a failure cannot lie in the future, or it would outlive a whole window.
    for (let index = times.length - 1; index >= this.#start && Number(times[index]) > at; index--) times[index] = at;
    while (at - Number(times[this.#start]) > this.#windowMs) this.#start++;
  }

  /** The instants, oldest first. */
  toArray(): readonly number[] {
    return this.#times.slice(this.#start);
  }
}
