import type { BreakerContext } from '../../machines/breaker-context.ts';
import type { BreakerStateName } from '../../machines/breaker-events.ts';
import { highestTally } from '../../machines/counting/add-up.ts';
import { type CountingMode, modeOf } from '../../machines/counting/counting-mode.ts';
import type { OutcomeCounts } from '../../machines/counting/outcome-counts.ts';
import type { WindowCounts } from '../../machines/counting/window-counts.ts';
import type { SnapshotTotals, Totals } from './totals.ts';

/**
 * A breaker as plain JSON, to go on from in another process: `createBreaker({ ...options, snapshot })`. Instants are in
 * epoch milliseconds of the wall clock, which is what two processes share. It holds no errors and no options.
 */
export interface BreakerSnapshot {
  /** The version of this format. */
  readonly version: 1;
  /** Name of the breaker. */
  readonly name: string;
  /** The state; a half-open circuit is restored as an open one whose wait is over. */
  readonly state: BreakerStateName;
  readonly generation: number;
  /** When the state was entered. */
  readonly since: number;
  /** When an open circuit is due for a trial; null in every other state. */
  readonly recoverAt: number | null;
  /** How long the wait of an open circuit was when it began or was last extended, in ms; null in every other state. */
  readonly waitMs: number | null;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** By what failures were judged. */
  readonly mode: CountingMode;
  /** What had been counted in the present closed period. */
  readonly counts: OutcomeCounts;
  /**
   * What had been counted when the circuit opened; null unless it is open or half-open. A snapshot of an earlier version
   * has none.
   */
  readonly opening?: WindowCounts | null | undefined;
  /** What had been counted in the breaker's life. */
  readonly totals: SnapshotTotals;
}

/**
 * Writes a breaker down.
 *
 * @param wallLeadMs - How far the wall clock is ahead of the breaker's clock, in ms.
 */
export function toSnapshot(
  state: BreakerStateName,
  context: BreakerContext,
  totals: Totals,
  wallLeadMs: number,
): BreakerSnapshot {
  const { name, generation, since, recoverAt, waitMs, reopenings, outage, settings } = context;
  const { consecutiveFailures, failureTimes, window } = context;
  const snapshot: BreakerSnapshot = {
    version: 1,
    ...{ name, state, since, recoverAt, reopenings, opening: outage.counts },
    // Nobody lives through so many, but a snapshot may say so.
    generation: Math.min(generation, highestTally),
    // A fleet may have nothing left to wait for.
    waitMs: waitMs === null ? null : Math.max(1, waitMs),
    mode: modeOf(settings),
    counts: { consecutiveFailures, failureTimes, window },
    totals: totals.toSnapshot(),
  };
  return shiftInstants(structuredClone(snapshot), wallLeadMs);
}

/** A snapshot with every instant moved by so many milliseconds. */
export function shiftInstants(snapshot: BreakerSnapshot, ms: number): BreakerSnapshot {
  const { since, recoverAt, counts, totals } = snapshot;
  const { failureTimes, window } = counts;
  const { lastFailure } = totals;
  return {
    ...snapshot,
    since: since + ms,
    recoverAt: recoverAt === null ? null : recoverAt + ms,
    counts: {
      ...counts,
      failureTimes: failureTimes.map((time) => time + ms),
      window: { ...window, slices: window.slices.map((slice) => ({ ...slice, at: slice.at + ms })) },
    },
    totals: { ...totals, lastFailure: lastFailure && { ...lastFailure, at: lastFailure.at + ms } },
  };
}
