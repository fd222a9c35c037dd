import { CallCounter } from './call-counter.ts';
import { type CallMark, type CallWindow, noCalls, type TimeSlice } from './call-window.ts';

/** How many slices a window has: it is exact to one part in so many. */
const slicesPerWindow = 10;

type MutableSlice = { -readonly [K in keyof TimeSlice]: TimeSlice[K] };

/**
 * Counts the calls of the last so many milliseconds. Calls that end within a tenth of the window share a slice, which
 * is forgotten as a whole when the first of them is too old: one older than the window never counts, one younger than
 * nine tenths of it always does. The memory it takes does not depend on the number of calls.
 */
export class TimeSlices extends CallCounter {
  readonly #windowMs: number;
  readonly #slices: MutableSlice[];

  constructor(window: CallWindow, windowMs: number) {
    super(window);
    this.#windowMs = windowMs;
    this.#slices = window.slices.map((slice) => ({ ...slice }));
  }

  override add(at: number, mark: CallMark, ended: number): void {
    this.forget(at);
    const count = this.room(ended);
    let slice = this.#slices.at(-1);
    if (slice === undefined || at - slice.at > this.#windowMs / slicesPerWindow) {
      slice = { at, calls: 0, failures: 0, slow: 0 };
      this.#slices.push(slice);
    }
    this.tally(mark, count);
    slice.calls += count;
    if (mark !== '+') slice.failures += count;
    if (mark === '~') slice.slow += count;
  }

  override forget(at: number): void {
    const slices = this.#slices;
    // A clock that went back: nothing has happened in the future, or it would outlive a whole window.
    if (Number(slices.at(-1)?.at) > at) this.#bringBack(at);
    for (let oldest = slices[0]; oldest && at - oldest.at > this.#windowMs; oldest = slices[0]) {
      this.calls -= oldest.calls;
      this.failures -= oldest.failures;
      this.slow -= oldest.slow;
      slices.shift();
    }
  }

  /** The slices from the future become one of now, or a part of the one before if that still takes calls. */
  #bringBack(at: number): void {
    const slices = this.#slices;
    const now: MutableSlice = { at, calls: 0, failures: 0, slow: 0 };
    const first = slices.findIndex((slice) => slice.at > at);
    const last = slices[first - 1];
    const target = last && at - last.at <= this.#windowMs / slicesPerWindow ? last : now;
    for (const slice of slices.splice(first)) {
      target.calls += slice.calls;
      target.failures += slice.failures;
      target.slow += slice.slow;
    }
    if (target === now) slices.push(now);
  }

  override toWindow(): CallWindow {
    const { calls, failures, slow } = this;
    return { ...noCalls, calls, failures, slow, slices: this.#slices.map((slice) => ({ ...slice })) };
  }
}
