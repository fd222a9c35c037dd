import { type CallWindow, noCalls } from './call-window.ts';

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
