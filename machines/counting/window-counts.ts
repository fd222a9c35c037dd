import type { BreakerSettings } from '../settings/breaker-settings.ts';
import type { CallTally } from './call-window.ts';
import { OutcomeCounter } from './outcome-counter.ts';
import type { OutcomeCounts, OutcomeReport } from './outcome-counts.ts';

/**
 * What a window holds, and its rates. The window is that of `failureRateThreshold`; without one, all calls that ended in the
 * closed period. Plain data.
 */
export interface WindowCounts extends CallTally {
  /** Share of failures among the calls, 0 to 1; 0 where there are none. */
  readonly failureRate: number;
  /** Share of slow calls among the calls, 0 to 1; 0 where there are none. */
  readonly slowRate: number;
  /** Failures since the last success. */
  readonly consecutiveFailures: number;
}

/** The counts of a window without calls. */
export const emptyWindow: WindowCounts = {
  ...{ calls: 0, failures: 0, slow: 0 },
  ...{ failureRate: 0, slowRate: 0, consecutiveFailures: 0 },
};

/**
 * What the window holds at an instant.
 *
 * @param at - The instant, epoch ms.
 * @param failed - Calls that failed at that instant and are in it, too.
 */
export function windowCounts(
  counts: OutcomeCounts,
  settings: BreakerSettings,
  at: number,
  failed?: OutcomeReport,
): WindowCounts {
  const counter = new OutcomeCounter(counts, settings);
  if (failed) counter.addFailures(failed.at, failed.isSlow ?? false, failed.count);
  return windowOf(counter, at);
}

/** What the window of a counter holds at an instant (epoch ms). */
export function windowOf(counter: OutcomeCounter, at: number): WindowCounts {
  const { consecutiveFailures } = counter;
  const { calls, failures, slow } = counter.tallyAt(at);
  const [failureRate, slowRate] = calls === 0 ? [0, 0] : [failures / calls, slow / calls];
  return { calls, failures, slow, failureRate, slowRate, consecutiveFailures };
}
