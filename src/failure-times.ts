/**
 * The instants of the latest failures of a sliding window, oldest first. Keeps no more of them than can matter, so
 * that adding one costs the same however many calls the window has seen.
 */
export class FailureTimes {
  readonly #windowMs: number;
  readonly #limit: number;
  #times: number[] = [];
  /** Everything before this index has been forgotten. */
  #start = 0;

  /**
   * @param windowMs - How long a failure counts; one that is exactly this old still does.
   * @param limit - How many failures are enough to judge.
   */
  constructor(windowMs: number, limit: number) {
    this.#windowMs = windowMs;
    this.#limit = limit;
  }

  /** How many instants are kept. */
  get size(): number {
    return this.#times.length - this.#start;
  }

  /** Starts over from these instants (epoch ms, oldest first). */
  reset(times: readonly number[]): void {
    this.#times = [...times];
    this.#start = 0;
  }

  /** Adds a failure at `at` (epoch ms) and forgets those that can no longer matter. */
  add(at: number): void {
    const times = this.#times;
    // A clock that went back: a failure cannot lie in the future, or it would outlive a whole window.
    for (let index = times.length - 1; index >= this.#start && Number(times[index]) > at; index--) times[index] = at;
    times.push(at);
    while (this.size > this.#limit || at - Number(times[this.#start]) > this.#windowMs) this.#start++;
    if (this.#start > 64 && this.#start * 2 > times.length) {
      times.splice(0, this.#start);
      this.#start = 0;
    }
  }

  /** The latest `count` instants, or as many as there are. */
  latest(count: number): readonly number[] {
    return this.#times.slice(Math.max(this.#start, this.#times.length - count));
  }
}
