import type { BreakerState } from '../circuit/chart-link.ts';
import type { BreakerMetrics } from '../circuit/metrics.ts';
import { type CallTotals, callTotalsOf, Totals } from '../circuit/totals.ts';

/** What all breakers of a registry have seen together. The totals are those of the breakers that it holds now. */
export interface RegistryMetrics extends CallTotals {
  /** How many breakers the registry holds. */
  readonly size: number;
  /** How many of them are in each state; none is stopped, since those are forgotten. */
  readonly states: Readonly<Record<BreakerState, number>>;
  /** The metrics of each breaker, by its key. */
  readonly breakers: ReadonlyMap<string, BreakerMetrics>;
}

/**
 * Adds up what the breakers of a registry have seen.
 *
 * @param registry - Every key with its breaker.
 */
export function toRegistryMetrics(
  registry: Iterable<readonly [string, { metrics(): BreakerMetrics }]>,
): RegistryMetrics {
  const breakers = new Map<string, BreakerMetrics>();
  for (const [key, breaker] of registry) {
    const metrics = breaker.metrics();
    // Reading them can run a listener that stops the breaker.
    if (metrics.state !== 'stopped') breakers.set(key, metrics);
  }
  const all = [...breakers.values()];
  const states = { closed: 0, open: 0, halfOpen: 0, isolated: 0, disabled: 0, stopped: 0 };
  for (const { state } of all) states[state]++;
  return { size: breakers.size, states, ...all.reduce<CallTotals>(addTotals, callTotalsOf(new Totals())), breakers };
}

function addTotals(sum: CallTotals, more: CallTotals): CallTotals {
  return {
    calls: sum.calls + more.calls,
    successes: sum.successes + more.successes,
    failures: sum.failures + more.failures,
    slow: sum.slow + more.slow,
    ignored: sum.ignored + more.ignored,
    cancelled: sum.cancelled + more.cancelled,
    timeouts: sum.timeouts + more.timeouts,
    rejected: sum.rejected + more.rejected,
    inFlight: sum.inFlight + more.inFlight,
  };
}
