import type { WindowCounts } from './counting/window-counts.ts';
import type { TrialId } from './trials.ts';

/** What is known of an outage, from the opening of the circuit until it closes. Plain data, never mutated. */
export interface Outage {
  /** What had been counted when the circuit opened; null where it has not. */
  readonly counts: WindowCounts | null;
  /** Whether a trial was started in the present half-open period. */
  readonly hasStartedTrials: boolean;
  /** How many trials of the period have failed. */
  readonly trialFailures: number;
  /** The names of the trials of the period whose lease is over and that have not ended. The latest 1,000, oldest first. */
  readonly lapsedTrials: readonly TrialId[];
  /** How long the longest lease of the period was when it began, in ms; 0 before the first. */
  readonly leaseMs: number;
}

/** That there is none. */
export const noOutage: Outage = {
  counts: null,
  hasStartedTrials: false,
  trialFailures: 0,
  lapsedTrials: [],
  leaseMs: 0,
};
