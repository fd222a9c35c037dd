import type { BreakerContext } from './breaker-context.ts';
import type { LeaseRequestedEvent } from './fleet-events.ts';
import type { FleetLease } from './fleet-view.ts';
import type { BreakerSettings } from './settings/breaker-settings.ts';

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
 * The event that asks the fleet for a half-open slot, to be sent when a call has been turned down in a state with the tag
 * `asking`.
 *
 * @param now - The present, epoch ms.
 * @returns The event to send, or undefined where there is nothing to ask for, or somebody has asked already.
 */
export function leaseRequest(context: BreakerContext, now: number): LeaseRequestedEvent | undefined {
  return mayAsk(context) ? { type: 'lease.requested', at: now } : undefined;
}

/** Tells whether there is a slot to ask the fleet for, and nobody has asked yet. */
export function mayAsk(context: BreakerContext): boolean {
  return needsLease(context) && context.fleet?.hasAsked === false;
}
