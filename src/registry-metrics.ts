import type { BreakerState } from './chart-link.ts';
import type { BreakerMetrics } from './metrics.ts';

/** What all breakers of a registry have seen together. The totals are those of the breakers that it holds now. */
export interface RegistryMetrics {
  /** How many breakers the registry holds. */
  readonly size: number;
  /** How many of them are in each state. */
  readonly states: Readonly<Record<BreakerState, number>>;
  /** Calls let through. */
  readonly calls: number;
  readonly successes: number;
  readonly failures: number;
  readonly slow: number;
  readonly ignored: number;
  readonly cancelled: number;
  readonly timeouts: number;
  /** Calls not let through. */
  readonly rejected: number;
  /** Calls let through that have not ended. */
  readonly inFlight: number;
  /** The metrics of each breaker, by its key. */
  readonly breakers: ReadonlyMap<string, BreakerMetrics>;
}

/** Adds up what the breakers of a registry have seen. */
export function toRegistryMetrics(breakers: ReadonlyMap<string, BreakerMetrics>): RegistryMetrics {
  const all = [...breakers.values()];
  const states = { closed: 0, open: 0, halfOpen: 0, isolated: 0, disabled: 0, stopped: 0 };
  for (const { state } of all) states[state]++;
  const sum = (total: 'calls' | 'successes' | 'failures' | 'slow' | 'ignored' | 'cancelled' | 'timeouts') =>
    all.reduce((added, metrics) => added + metrics[total], 0);
  return {
    size: breakers.size,
    states,
    calls: sum('calls'),
    successes: sum('successes'),
    failures: sum('failures'),
    slow: sum('slow'),
    ignored: sum('ignored'),
    cancelled: sum('cancelled'),
    timeouts: sum('timeouts'),
    rejected: all.reduce((added, { rejected }) => added + rejected, 0),
    inFlight: all.reduce((added, { inFlight }) => added + inFlight, 0),
    breakers,
  };
}
