import type { BreakerState } from '../circuit/chart-link.ts';
import type { BreakerMetrics } from '../circuit/metrics.ts';
import { type CallTotals, callTotalsOf } from '../circuit/totals.ts';
import type { RegistryTotals } from './registry-totals.ts';

/**
 * What all breakers of a registry have seen together. The totals never fall: what breakers have seen that are forgotten is
 * in them. JSON.
 */
export interface RegistryMetrics extends CallTotals {
  /** How many breakers the registry holds. */
  readonly size: number;
  /** How many of them are in each state; none is stopped, since those are forgotten. */
  readonly states: Readonly<Record<BreakerState, number>>;
  /** The metrics of each breaker, by its key; an object without a prototype, so that any key is just a key. */
  readonly breakers: Readonly<Record<string, BreakerMetrics>>;
}

/**
 * Adds up what the breakers of a registry have seen.
 *
 * @param registry - Every key with its breaker.
 * @param forgotten - What those have counted that are forgotten.
 */
export function toRegistryMetrics(
  registry: Iterable<readonly [string, { metrics(): BreakerMetrics }]>,
  forgotten: RegistryTotals,
): RegistryMetrics {
  const breakers: Record<string, BreakerMetrics> = Object.create(null);
  const all: BreakerMetrics[] = [];
  const states = { closed: 0, open: 0, halfOpen: 0, isolated: 0, disabled: 0, stopped: 0 };
  for (const [key, breaker] of registry) {
    const metrics = breaker.metrics();
    // Reading them can run a listener that stops the breaker.
    if (metrics.state === 'stopped') continue;
    breakers[key] = metrics;
    states[metrics.state]++;
    all.push(metrics);
  }
  return { size: all.length, states, ...callTotalsOf(forgotten.sumWith(all)), breakers };
}
