import type { BreakerSettings } from './breaker-settings.ts';

/** What a closed circuit knows of its failures. Plain data, never mutated. */
export interface FailureCounts {
  /** Failures since the last success. */
  readonly consecutiveFailures: number;
  /**
   * Instants (epoch ms, oldest first) of the failures inside `failureWindow`; at most
   * `failureThreshold`, because no more are needed to judge. Empty where failures in a row count.
   */
  readonly failureTimes: readonly number[];
}

/** One failure, or several that are reported together. */
export interface FailureReport {
  /** When the (last) failure happened, epoch ms. */
  readonly at: number;
  /** How many failures in a row this is. */
  readonly count: number;
  /** The instant of each, oldest first, where they differ. */
  readonly times?: readonly number[] | undefined;
}

/** Counts at the start of every closed period. */
export const noFailures: FailureCounts = { consecutiveFailures: 0, failureTimes: [] };

/** Ends the run of consecutive failures; failures inside a window stay. */
export function countSuccess(counts: FailureCounts): FailureCounts {
  return { consecutiveFailures: 0, failureTimes: counts.failureTimes };
}

/** Adds failures and forgets those that have left the window. */
export function countFailures(counts: FailureCounts, settings: BreakerSettings, report: FailureReport): FailureCounts {
  return {
    consecutiveFailures: counts.consecutiveFailures + report.count,
    failureTimes: failuresInWindow(counts, settings, report).slice(-settings.failureThreshold),
  };
}

/** Tells whether the circuit has to open once these failures are counted. */
export function reachesThreshold(counts: FailureCounts, settings: BreakerSettings, report: FailureReport): boolean {
  const failures =
    settings.failureWindowMs === null
      ? counts.consecutiveFailures + report.count
      : failuresInWindow(counts, settings, report).length;
  return failures >= settings.failureThreshold;
}

/**
 * The instants inside the window that ends at `report.at`, with the reported failures. One that is
 * exactly `failureWindow` old is inside. After a clock went back, a failure "from the future" is taken
 * to have happened now, so that it cannot outlive a whole window.
 */
function failuresInWindow(
  counts: FailureCounts,
  { failureWindowMs, failureThreshold }: BreakerSettings,
  { at, count, times }: FailureReport,
): readonly number[] {
  if (failureWindowMs === null) return [];
  const added = times ?? Array.from({ length: Math.min(count, failureThreshold) }, () => at);
  return [...counts.failureTimes, ...added]
    .map((time) => Math.min(time, at))
    .filter((time) => at - time <= failureWindowMs);
}
