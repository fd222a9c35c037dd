import { overdueEvent } from '../../machines/overdue.ts';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { Circuit } from '../circuit/circuit.ts';

/** A breaker of a registry. */
export interface RegistryEntry {
  readonly key: string;
  readonly breaker: CircuitBreaker;
  readonly circuit: Circuit;
}

/** How many of those that had to stay are looked at again for each new breaker; a handful more than have to go. */
const secondLooks = 16;

/**
 * The breakers of a registry, the least recently used first, and the choice of those that go when it is full. Each is
 * looked at once after each use, and a few of those that had to stay once more for each new breaker: however many have
 * to stay, as in an outage, a new one costs the same.
 */
export class RegistryEntries implements Iterable<RegistryEntry> {
  /** Had to stay when they were looked at; every one was last used before those in `#recent` were. */
  readonly #staying = new Map<string, RegistryEntry>();
  readonly #recent = new Map<string, RegistryEntry>();
  readonly #stayingRound = new Round(this.#staying);
  readonly #recentRound = new Round(this.#recent);

  /** How many there are. */
  get size(): number {
    return this.#staying.size + this.#recent.size;
  }

  /** What there is for a key. */
  get(key: string): RegistryEntry | undefined {
    return this.#recent.get(key) ?? this.#staying.get(key);
  }

  /** Makes one, which may be new, the most recently used. */
  use(entry: RegistryEntry): void {
    this.remove(entry);
    this.#recent.set(entry.key, entry);
  }

  /** Takes one out; one that is not in, because another one has its key, changes nothing. */
  remove(entry: RegistryEntry): void {
    const { key } = entry;
    if (this.get(key) !== entry) return;
    this.#recent.delete(key);
    this.#staying.delete(key);
  }

  /** The least recently used first. */
  *[Symbol.iterator](): Generator<RegistryEntry> {
    yield* this.#staying.values();
    yield* this.#recent.values();
  }

  /**
   * Takes out as many as are too many, as far as they may go: the least recently used of those that are closed and idle
   * (or stopped), then of those that are half-open and idle. Runs no code of the user, which could ask for a breaker.
   *
   * @returns Those that have to be stopped now.
   */
  takeOut(count: number): readonly RegistryEntry[] {
    if (count <= 0) return [];
    const taken: RegistryEntry[] = [];
    const spare: RegistryEntry[] = [];
    const look = (entry: RegistryEntry) => {
      const worth = worthOf(entry.circuit);
      if (worth === 'none') {
        this.remove(entry);
        taken.push(entry);
      } else if (worth === 'little') spare.push(entry);
      return worth;
    };
    // All of a few are looked at in order.
    if (this.#staying.size <= secondLooks) this.#stayingRound.restart();
    for (let looks = Math.min(secondLooks, this.#staying.size); looks > 0 && taken.length < count; looks--) {
      const entry = this.#stayingRound.next() ?? this.#stayingRound.next();
      if (entry) look(entry);
    }
    while (taken.length < count) {
      const entry = this.#recentRound.next();
      if (entry === undefined) break;
      if (look(entry) === 'none') continue;
      this.#recent.delete(entry.key);
      this.#staying.set(entry.key, entry);
    }
    for (const entry of spare.slice(0, Math.max(0, count - taken.length))) {
      this.remove(entry);
      taken.push(entry);
    }
    return taken;
  }
}

/** Goes round a map, on from where it stopped: starting anew would cost what was ever deleted from the front. */
class Round<T> {
  readonly #map: ReadonlyMap<string, T>;
  #values: Iterator<T>;

  constructor(map: ReadonlyMap<string, T>) {
    this.#map = map;
    this.#values = map.values();
  }

  /** The next one; undefined once at the end of each round. */
  next(): T | undefined {
    const { done, value } = this.#values.next();
    if (done) this.restart();
    return done ? undefined : value;
  }

  restart(): void {
    this.#values = this.#map.values();
  }
}

/**
 * What would be lost with a breaker. One that has been half-open and idle for a whole `recoveryTimeout` is like a closed
 * one: leftovers of an outage must not crowd out those that are used. Read from its snapshot, since asking the breaker
 * could run its listeners.
 */
function worthOf({ link, totals }: Circuit): 'none' | 'little' | 'much' {
  const { state } = link;
  if (state === 'stopped') return 'none';
  if (totals.inFlight > 0) return 'much';
  if (state === 'closed') return 'none';
  const { context } = link.snapshot;
  const now = link.clock.now();
  const isStale = (halfOpenSince: number) => now - halfOpenSince >= context.settings.recoveryTimeoutMs;
  // A wait that is over makes it half-open, though nobody has noticed.
  const isDue = state === 'open' && overdueEvent(context, now) !== undefined;
  if (isDue) return isStale(context.recoverAt ?? now) ? 'none' : 'little';
  const isIdle = context.rampStartedAt === null && context.trials.every(({ expiresAt }) => expiresAt <= now);
  if (state !== 'halfOpen' || !isIdle) return 'much';
  return isStale(context.since) ? 'none' : 'little';
}
