import type { BreakerSettings } from '../settings/breaker-settings.ts';
import { type CallTally, type CallWindow, noCalls } from './call-window.ts';
import { OutcomeCounter } from './outcome-counter.ts';

/** What a closed circuit knows of how its calls ended. Plain data, never mutated. */
export interface OutcomeCounts {
  /** Failures since the last success. */
  readonly consecutiveFailures: number;
  /**
   * Instants (epoch ms, oldest first) of the failures inside `failureWindow`; at most `failureThreshold`, because no
   * more are needed to judge. Empty where failures in a row or a rate count.
   */
  readonly failureTimes: readonly number[];
  /** The calls that rates are taken of. */
  readonly window: CallWindow;
}

/** One outcome, or several alike that are reported together. */
export interface OutcomeReport {
  /** When the calls ended, epoch ms. */
  readonly at: number;
  /** How many there are. */
  readonly count: number;
  /** Whether they took longer than `slowCallThreshold`. */
  readonly isSlow?: boolean | undefined;
}

/** Counts at the start of every closed period. */
export const noOutcomes: OutcomeCounts = { consecutiveFailures: 0, failureTimes: [], window: noCalls };

/** Adds calls that ended well, and forgets what has left the window. */
export function countSuccesses(counts: OutcomeCounts, settings: BreakerSettings, report: OutcomeReport): OutcomeCounts {
  const counter = new OutcomeCounter(counts, settings);
  counter.addSuccesses(report.at, report.count);
  return counter.toCounts();
}

/** Adds calls that failed, and forgets what has left the window. */
export function countFailures(counts: OutcomeCounts, settings: BreakerSettings, report: OutcomeReport): OutcomeCounts {
  const counter = new OutcomeCounter(counts, settings);
  counter.addFailures(report.at, report.isSlow ?? false, report.count);
  return counter.toCounts();
}

/** Tells whether the circuit has to open once these failures are counted. */
export function reachesThreshold(counts: OutcomeCounts, settings: BreakerSettings, report: OutcomeReport): boolean {
  const counter = new OutcomeCounter(counts, settings);
  if (report.count > 1) counter.addFailures(report.at, report.isSlow ?? false, report.count - 1);
  return counter.opensWithFailure(report.at);
}

/**
 * The calls that are in the window now.
 *
 * @param at - The present, epoch ms.
 */
export function callsInWindow(counts: OutcomeCounts, settings: BreakerSettings, at: number): CallTally {
  return new OutcomeCounter(counts, settings).tallyAt(at);
}
