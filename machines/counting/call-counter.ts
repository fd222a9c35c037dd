import { highestTally } from './add-up.ts';
import { type CallMark, type CallTally, type CallWindow, noCalls } from './call-window.ts';

const highest = highestTally;

/** Counts the calls of a window that never forgets one. The windows that do forget build on it. */
export class CallCounter implements CallTally {
  calls: number;
  failures: number;
  slow: number;

  /** @param window - What has been counted before. */
  constructor({ calls, failures, slow }: CallTally) {
    this.calls = calls;
    this.failures = failures;
    this.slow = slow;
  }

  /**
   * Adds calls that have ended.
   *
   * @param _at - When they ended, epoch ms.
   * @param count - How many.
   */
  add(_at: number, mark: CallMark, count: number): void {
    this.tally(mark, this.room(count));
  }

  /** Forgets what has left the window by then (epoch ms). */
  forget(_at: number): void {}

  /** Whether the next call to end pushes one out of the window, and how that one ended. */
  leaving(): CallMark | undefined {
    return undefined;
  }

  /** What is counted, as plain data. */
  toWindow(): CallWindow {
    const { calls, failures, slow } = this;
    return { ...noCalls, calls, failures, slow };
  }

  /** Of so many calls those that can still be counted. */
  protected room(count: number): number {
    return Math.min(count, highest - this.calls);
  }

  /** Moves the sums; a negative count takes calls away. */
  protected tally(mark: CallMark, count: number): void {
    this.calls += count;
    if (mark === '+') return;
    this.failures += count;
    if (mark === '~') this.slow += count;
  }
}
