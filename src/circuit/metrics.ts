import type { BreakerContext } from '../../machines/breaker-context.ts';
import type { BreakerStateName } from '../../machines/breaker-events.ts';
import type { OutcomeCounts } from '../../machines/counting/outcome-counts.ts';
import { windowCounts } from '../../machines/counting/window-counts.ts';
import type { FailureReason } from '../../machines/failure-reason.ts';
import type { FleetView } from '../../machines/fleet-view.ts';
import { rampShare } from '../../machines/recovery-ramp.ts';
import { type CallTotals, callTotalsOf, type FailureSummary, type KindTotals, type Totals } from './totals.ts';

/**
 * What a breaker has seen. The numbers of calls are totals since its creation (or since that of the breaker whose
 * snapshot it goes on from); calls made while disabled are in none of them. Plain data.
 */
export interface BreakerMetrics extends CallTotals {
  /** Name of the breaker. */
  readonly name: string;
  /** The state now. */
  readonly state: BreakerStateName | 'stopped';
  /** When the state was entered, epoch ms. */
  readonly since: number;
  /** Grows on every change of state and every reset. */
  readonly generation: number;
  /** Half-open trials that hold a slot now. */
  readonly trials: number;
  /**
   * Share of failures among the calls of the window, 0 to 1; 0 where it holds none. The window is that of
   * `failureRateThreshold`; without one, all calls that ended in the closed period. From its opening until a circuit closes
   * again it is what opened it.
   */
  readonly failureRate: number;
  /** Share of slow calls among the same calls, 0 to 1. */
  readonly slowRate: number;
  /** Failures since the last success of the closed period; from its opening until a circuit closes again those that opened it. */
  readonly consecutiveFailures: number;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** How long the present wait of an open circuit was when it began or was last extended, in ms; null unless open. */
  readonly waitMs: number | null;
  /** Share of the calls that a half-open circuit lets through on its `recoveryRamp`, 0 to 1; null unless it does so. */
  readonly rampShare: number | null;
  /**
   * Milliseconds until a rejected call can be let through, on a ramp until its share grows; null where calls pass, or
   * where time changes nothing.
   */
  readonly retryAfterMs: number | null;
  /** The failures, and the ignored calls, by what classified them; calls that nothing has classified are in neither. */
  readonly kinds: KindTotals;
  /** The last failure that was counted; null before the first. */
  readonly lastFailure: FailureSummary | null;
  /** What is known of the fleet; null without one, and before the first word from it. */
  readonly fleet: FleetMetrics | null;
}

/** How a breaker stands to its fleet. */
export interface FleetMetrics {
  /** Whether the fleet can be reached; while it cannot, the breaker goes by what it sees itself. */
  readonly isConnected: boolean;
  /** The fleet's circuit, as far as it has been heard of. */
  readonly state: 'closed' | 'open' | 'halfOpen' | 'isolated';
  /** The state by what the breaker has seen, or was ordered, itself: closed where only the fleet keeps it from calling. */
  readonly ownState: BreakerStateName | 'stopped';
  /** How many others hold the fleet's circuit open by hand. */
  readonly holdsOfOthers: number;
  /** Why the fleet's circuit is open, where that is known. */
  readonly reason: FailureReason | null;
}

/** What only the facade knows. */
export interface FacadeView {
  readonly state: BreakerMetrics['state'];
  /** What has been counted in the present closed period. */
  readonly counts: OutcomeCounts;
  /** The present, epoch ms. */
  readonly now: number;
  readonly retryAfterMs: number | null;
}

/** Puts together what the chart knows and what only the facade does. */
export function toMetrics(context: BreakerContext, totals: Totals, view: FacadeView): BreakerMetrics {
  const { name, since, generation, trials, reopenings, waitMs, rampStartedAt, settings } = context;
  const { state, counts, now } = view;
  const { failureRate, slowRate, consecutiveFailures } = context.outage.counts ?? windowCounts(counts, settings, now);
  return {
    ...{ name, state, since, generation },
    ...callTotalsOf(totals),
    trials: trials.length,
    ...{ failureRate, slowRate, consecutiveFailures, reopenings, waitMs },
    rampShare: settings.ramp !== null && rampStartedAt !== null ? rampShare(settings.ramp, now - rampStartedAt) : null,
    retryAfterMs: view.retryAfterMs,
    kinds: totals.kinds,
    lastFailure: totals.lastFailure,
    fleet: context.fleet && fleetMetrics(context, context.fleet, state),
  };
}

function fleetMetrics({ holds }: BreakerContext, fleet: FleetView, state: BreakerMetrics['state']): FleetMetrics {
  const { isConnected, isImposed, holdsOfOthers, reason } = fleet;
  return {
    isConnected: isConnected && state !== 'stopped',
    state: fleet.state === 'open' && state === 'halfOpen' ? 'halfOpen' : fleet.state,
    ownState: isImposed && holds === 0 && state !== 'stopped' ? 'closed' : state,
    holdsOfOthers,
    reason,
  };
}
