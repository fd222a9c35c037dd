/**
 * The instants of the latest failures of a sliding window, oldest first. Keeps no more of them than can matter, so
 * that adding one costs the same however many calls the window has seen.
 */
export class FailureTimes {
  readonly #windowMs: number;
  readonly #limit: number;
  /** Not copied before it has to be changed. */
  #times: readonly number[];
  #own: number[] | undefined;
  /** Everything before this index has been forgotten. */
  #start = 0;

  /**
   * @param times - The instants to begin with (epoch ms, oldest first).
   * @param windowMs - How long a failure counts; one that is exactly this old still does.
   * @param limit - How many failures are enough to judge.
   */
  constructor(times: readonly number[], windowMs: number, limit: number) {
    this.#times = times;
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
    const times = this.#toOwn();
    for (let left = Math.min(count, this.#limit); left > 0; left--) times.push(at);
    this.#start = Math.max(this.#start, times.length - this.#limit);
    if (this.#start > 64 && this.#start * 2 > times.length) {
      times.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** Forgets what has left the window by then (epoch ms). */
  forget(at: number): void {
    // A clock that went back: a failure cannot lie in the future, or it would outlive a whole window.
    for (let index = this.#times.length - 1; index >= this.#start && Number(this.#times[index]) > at; index--)
      this.#toOwn()[index] = at;
    while (at - Number(this.#times[this.#start]) > this.#windowMs) this.#start++;
  }

  /** The instants, oldest first. */
  toArray(): readonly number[] {
    return this.#own === undefined && this.#start === 0 ? this.#times : this.#times.slice(this.#start);
  }

  #toOwn(): number[] {
    this.#own ??= [...this.#times];
    this.#times = this.#own;
    return this.#own;
  }
}
