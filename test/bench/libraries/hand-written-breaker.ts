/** The breaker that one writes by hand, as the practical limit: failures in a row, one trial, and nothing else. */
export class HandWrittenBreaker {
  #failures = 0;
  #openUntil = 0;
  readonly #threshold: number;
  readonly #resetMs: number;

  constructor(threshold: number, resetMs: number) {
    this.#threshold = threshold;
    this.#resetMs = resetMs;
  }

  async call<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#openUntil !== 0) {
      if (Date.now() < this.#openUntil) throw new Error('The circuit is open.');
      this.#openUntil = Date.now() + this.#resetMs; // One trial; the others wait for another turn.
    }
    try {
      const result = await operation();
      this.#failures = 0;
      this.#openUntil = 0;
      return result;
    } catch (error) {
      if (++this.#failures >= this.#threshold) this.#openUntil = Date.now() + this.#resetMs;
      throw error;
    }
  }
}
