import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import type { BreakerOverrides } from '../options/registry-options.ts';
import type { RegistryEntry } from './registry-entries.ts';

/** Makes a breaker of a registry. */
type CreateEntry = (key: string, overrides: BreakerOverrides) => RegistryEntry;

/** What a registry still knows of the snapshot that it goes on from. */
export class RestoredBreakers {
  readonly #create: CreateEntry;
  /** Restored, and not asked for yet: their overrides are not known. */
  readonly #waiting = new Set<RegistryEntry>();
  /** Snapshots that were counted in another way than the options of the registry count. */
  readonly #unfit = new Map<string, BreakerSnapshot>();

  constructor(create: CreateEntry) {
    this.#create = create;
  }

  /** The snapshots, by key, of which no breaker has been made. */
  get unfit(): Iterable<readonly [string, BreakerSnapshot]> {
    return this.#unfit;
  }

  /** Makes a breaker of a snapshot; undefined where that was counted in another way. */
  restore(key: string, snapshot: BreakerSnapshot): RegistryEntry | undefined {
    const entry = this.#goOnFrom(snapshot, key, {});
    if (entry) this.#waiting.add(entry);
    else this.#unfit.set(key, snapshot);
    return entry;
  }

  /** Takes note that a breaker is asked for, or gone; tells whether nobody had asked for it. */
  settle(entry: RegistryEntry): boolean {
    return this.#waiting.delete(entry);
  }

  /** Makes a breaker that is asked for; from a snapshot where one fits that it is given, or that was left. */
  create(key: string, overrides: BreakerOverrides, snapshot = this.#unfit.get(key)): RegistryEntry {
    this.#unfit.delete(key);
    return (snapshot && this.#goOnFrom(snapshot, key, overrides)) ?? this.#create(key, overrides);
  }

  #goOnFrom(snapshot: BreakerSnapshot, key: string, overrides: BreakerOverrides): RegistryEntry | undefined {
    try {
      return this.#create(key, { ...overrides, snapshot });
    } catch (error) {
      // What else can be wrong with it was checked when it was given.
      if (BreakerOptionsError.isInstance(error) && error.option === 'snapshot') return undefined;
      throw error;
    }
  }
}
