import type { TrialId } from '../../machines/trials.ts';

/** One admission. Calls of the same closed generation share a ticket, since nothing tells them apart; a trial has its own. */
export interface Ticket {
  /** The generation in which the call was admitted. */
  readonly generation: number;
  /** The trial that the call is; undefined where it is none. */
  readonly trial: TrialId | undefined;
  /** Whether the outcome is counted; not so while the breaker is disabled. */
  readonly isCounted: boolean;
  /** When the call was admitted (epoch ms), where it matters how long it takes. */
  readonly startedAt: number | undefined;
}
