import type { BreakerSnapshot } from './breaker-snapshot.ts';
import type { SnapshotTotals } from './totals.ts';

/** A registry as plain JSON, to go on from in another process: `createBreakerRegistry({ ...options, snapshot })`. */
export interface RegistrySnapshot {
  /** The version of this format. */
  readonly version: 1;
  /** What had been counted by all breakers that there had ever been. */
  readonly totals: SnapshotTotals;
  /** The breakers that there were, by their keys, the least recently used first. */
  readonly breakers: Readonly<Record<string, BreakerSnapshot>>;
}

/** What had been counted by the breakers that were forgotten, of a snapshot. */
export function forgottenTotalsOf({ totals, breakers }: RegistrySnapshot): SnapshotTotals {
  const snapshots = Object.values(breakers);
  const restOf = (field: keyof Omit<SnapshotTotals, 'lastFailure' | 'kinds'>) =>
    snapshots.reduce((rest, snapshot) => Math.max(0, rest - snapshot.totals[field]), totals[field]);
  return {
    ...{ successes: restOf('successes'), failures: restOf('failures'), slow: restOf('slow') },
    ...{ ignored: restOf('ignored'), cancelled: restOf('cancelled'), timeouts: restOf('timeouts') },
    rejected: restOf('rejected'),
    kinds: { failures: restOfKinds('failures'), ignored: restOfKinds('ignored') },
    lastFailure: totals.lastFailure,
  };

  function restOfKinds(end: 'failures' | 'ignored'): Readonly<Record<string, number>> {
    const rest = new Map(Object.entries(totals.kinds?.[end] ?? {}));
    for (const snapshot of snapshots)
      for (const [kind, count] of Object.entries(snapshot.totals.kinds?.[end] ?? {}))
        rest.set(kind, Math.max(0, (rest.get(kind) ?? 0) - count));
    return Object.fromEntries([...rest].filter(([, count]) => count > 0));
  }
}
