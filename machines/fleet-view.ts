import type { FailureReason } from './failure-reason.ts';

/** A half-open slot that the fleet has lent. */
export interface FleetLease {
  readonly token: number;
  /** The first instant (epoch ms) at which no trial may start on it any more. */
  readonly expiresAt: number;
}

/** What a breaker knows of its fleet. JSON-safe and never mutated. */
export interface FleetView {
  /** Whether the fleet can be reached; while it cannot, the breaker goes by what it sees itself. */
  readonly isConnected: boolean;
  /** What the fleet has told last of its circuit; one that is `open` is half-open, too, once its wait is over. */
  readonly state: 'closed' | 'open' | 'isolated';
  /** Why the fleet's circuit is open, where it is known. */
  readonly reason: FailureReason | null;
  /** How many others hold the fleet's circuit open by hand. */
  readonly holdsOfOthers: number;
  /** Whether the breaker is open, or half-open, only because the fleet is. */
  readonly isImposed: boolean;
  /** The half-open slots that the fleet has lent to this breaker, oldest first. */
  readonly leases: readonly FleetLease[];
  /** Whether a call has asked for a slot since the last one was lent. */
  readonly hasAsked: boolean;
}

/** The view of a breaker that has heard nothing yet. */
export const unknownFleet: FleetView = {
  isConnected: false,
  state: 'closed',
  reason: null,
  holdsOfOthers: 0,
  isImposed: false,
  leases: [],
  hasAsked: false,
};
