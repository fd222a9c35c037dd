import type { BreakerSettings } from '../settings/breaker-settings.ts';
import type { CallTally } from './call-window.ts';
import { OutcomeCounter } from './outcome-counter.ts';
import type { OutcomeCounts } from './outcome-counts.ts';

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
 */
export function windowCounts(counts: OutcomeCounts, settings: BreakerSettings, at: number): WindowCounts {
  const { calls, failures, slow } = new OutcomeCounter(counts, settings).tallyAt(at);
  const shareOf = (part: number) => (calls === 0 ? 0 : part / calls);
  return {
    ...{ calls, failures, slow },
    ...{ failureRate: shareOf(failures), slowRate: shareOf(slow), consecutiveFailures: counts.consecutiveFailures },
  };
}
