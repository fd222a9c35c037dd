import type { BreakerContext } from './breaker-context.ts';
import type { FailureReason } from './failure-reason.ts';
import type { TrialRequestedEvent } from './fleet-events.ts';
import type { BreakerSettings } from './settings/breaker-settings.ts';

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

/** Tells whether trials need a slot that the fleet lends: it is reached, and it is its circuit that is open. */
export function needsLease({ fleet }: BreakerContext): boolean {
  return fleet?.isConnected === true && fleet.state === 'open';
}

/** How many trials may run at the same time. */
export function slotsOf(context: BreakerContext): number {
  return needsLease(context) ? (context.fleet?.leases.length ?? 0) : context.settings.halfOpenTrials;
}

/**
 * For how long a half-open slot is lent, in ms: as long as a trial may take, but not so short a time that it is over before
 * a call comes. Where a trial runs on it, it is prolonged.
 */
export function leaseMsOf({ trialTimeoutMs }: BreakerSettings): number {
  return Math.max(trialTimeoutMs, shortestLeaseMs);
}

const shortestLeaseMs = 1000;

/** The leases on which a trial may still start at an instant (epoch ms), also by a clock that went back. */
export function runningLeases({ fleet, settings }: BreakerContext, at: number): readonly FleetLease[] {
  const { leases = [] } = fleet ?? {};
  return leases.filter(({ expiresAt }) => expiresAt > at && expiresAt - at <= leaseMsOf(settings) + 1);
}

/**
 * The event that asks the fleet for a half-open slot, to be sent when a call has been turned down.
 *
 * @param now - The present, epoch ms.
 * @returns The event to send, or undefined where there is nothing to ask for, or somebody has asked already.
 */
export function trialRequest(context: BreakerContext, now: number): TrialRequestedEvent | undefined {
  const { fleet, recoverAt, rampStartedAt, holds } = context;
  const isHalfOpen = recoverAt === null && rampStartedAt === null && holds === 0;
  return isHalfOpen && needsLease(context) && !fleet?.hasAsked ? { type: 'trial.requested', at: now } : undefined;
}

/** Tells whether an event of this type comes from the fleet. */
export function isFleetEvent(type: string): boolean {
  return type.startsWith('fleet.');
}
