import type { Totals } from './totals.ts';

/** Knows whether calls are under way, those included of which nothing is counted, and tells those who wait for none to be. */
export class Idleness {
  readonly #totals: Totals;
  /** Calls that were let through while nothing was counted, and have not ended. */
  #uncounted = 0;
  #waiting: (() => void)[] = [];

  constructor(totals: Totals) {
    this.#totals = totals;
  }

  /** A call was let through of which nothing is counted. */
  beginUncounted(): void {
    this.#uncounted++;
  }

  /** Such a call has ended. */
  endUncounted(): void {
    this.#uncounted--;
    this.look();
  }

  /** Settles the first time that no call is under way. */
  wait(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Takes note that a call has ended. */
  look(): void {
    if (this.#waiting.length > 0 && this.#isIdle) this.end();
  }

  /** Nobody waits any more. */
  end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  get #isIdle(): boolean {
    return this.#totals.inFlight + this.#uncounted === 0;
  }
}
