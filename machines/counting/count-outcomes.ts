import type { BreakerSettings } from '../settings/breaker-settings.ts';
import type { CallTally } from './call-window.ts';
import { OutcomeCounter } from './outcome-counter.ts';
import type { OutcomeCounts, OutcomeReport } from './outcome-counts.ts';

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
