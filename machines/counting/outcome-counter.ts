import type { BreakerSettings } from '../settings/breaker-settings.ts';
import { addUp } from './add-up.ts';
import { CallCounter } from './call-counter.ts';
import type { CallTally, CallWindow } from './call-window.ts';
import { FailureTimes } from './failure-times.ts';
import type { OutcomeCounts } from './outcome-counts.ts';
import { RecentCalls } from './recent-calls.ts';
import { TimeSlices } from './time-slices.ts';

/**
 * Counts how the calls of a closed circuit end, and tells when the next failure opens it. Every counting mode is here;
 * the chart counts by it one event at a time, a facade many outcomes before it tells the chart.
 */
export class OutcomeCounter {
  /** Whether it matters when a call ended well. */
  readonly datesSuccesses: boolean;
  readonly #settings: BreakerSettings;
  readonly #times: FailureTimes | undefined;
  readonly #window: CallCounter;
  #consecutiveFailures: number;

  /** @param counts - What has been counted before; it is not changed. */
  constructor(counts: OutcomeCounts, settings: BreakerSettings) {
    const { failureWindowMs, failureRateThreshold, failureThreshold } = settings;
    this.#settings = settings;
    this.#consecutiveFailures = counts.consecutiveFailures;
    this.#times =
      failureWindowMs === null || failureRateThreshold !== null
        ? undefined
        : new FailureTimes(counts.failureTimes, failureWindowMs, failureThreshold);
    this.#window = counterOf(counts.window, settings);
    this.datesSuccesses = this.#window instanceof TimeSlices;
  }

  /** Failures since the last success. */
  get consecutiveFailures(): number {
    return this.#consecutiveFailures;
  }

  /**
   * Adds calls that ended well.
   *
   * @param at - When they ended, epoch ms.
   */
  addSuccesses(at: number, count: number): void {
    this.#consecutiveFailures = 0;
    this.#window.add(at, '+', count);
  }

  /**
   * Adds calls that failed.
   *
   * @param at - When they ended, epoch ms.
   * @param areSlow - Whether they took longer than `slowCallThreshold`.
   */
  addFailures(at: number, areSlow: boolean, count: number): void {
    this.#consecutiveFailures = addUp(this.#consecutiveFailures, count);
    this.#times?.add(at, count);
    this.#window.add(at, areSlow ? '~' : '-', count);
  }

  /** Tells whether one more failure, at `at` (epoch ms), opens the circuit. */
  opensWithFailure(at: number): boolean {
    const { failureRateThreshold, failureThreshold } = this.#settings;
    if (failureRateThreshold !== null) return this.#reachesRate(at, failureRateThreshold);
    if (this.#times === undefined) return this.#consecutiveFailures + 1 >= failureThreshold;
    this.#times.forget(at);
    return this.#times.size + 1 >= failureThreshold;
  }

  /** The calls that are in the window at `at` (epoch ms). */
  tallyAt(at: number): CallTally {
    this.#window.forget(at);
    const { calls, failures, slow } = this.#window;
    return { calls, failures, slow };
  }

  /** What has been counted but for `failureTimes`, of which there may be many; as plain data. */
  toTallies(): OutcomeCounts {
    return { consecutiveFailures: this.#consecutiveFailures, failureTimes: [], window: this.#window.toWindow() };
  }

  /** What has been counted, as plain data. */
  toCounts(): OutcomeCounts {
    return { ...this.toTallies(), failureTimes: this.#times?.toArray() ?? [] };
  }

  #reachesRate(at: number, rate: number): boolean {
    const window = this.#window;
    window.forget(at);
    const leaving = window.leaving();
    const calls = window.calls + (leaving === undefined ? 1 : 0);
    const failures = window.failures + (leaving === undefined || leaving === '+' ? 1 : 0);
    return calls >= this.#settings.minimumCalls && failures / calls >= rate;
  }
}

function counterOf(window: CallWindow, settings: BreakerSettings): CallCounter {
  const { failureRateThreshold, windowSize, failureWindowMs } = settings;
  if (failureRateThreshold === null) return new CallCounter(window);
  if (windowSize !== null) return new RecentCalls(window, windowSize);
  return new TimeSlices(window, failureWindowMs ?? 0);
}
