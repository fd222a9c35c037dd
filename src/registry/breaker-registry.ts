import { rejectOption } from '../../machines/settings/option-rules.ts';
import { assembleBreaker, type BreakerHome } from '../breaker/assemble-breaker.ts';
import { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { Caller } from '../calls/caller.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';
import { type BreakerListeners, type BreakerListenerType, Listeners } from '../circuit/listeners.ts';
import { forgottenTotalsOf, type RegistrySnapshot } from '../circuit/registry-snapshot.ts';
import { customiseMachine } from '../machine/customise-machine.ts';
import { createErrorJudge } from '../machine/judge-error.ts';
import type { BreakerOptions } from '../options/breaker-options.ts';
import { checkBreakerOptions, checkOverrides, checkRegistryOptions } from '../options/check-options.ts';
import type { BreakerOverrides, BreakerRegistryOptions } from '../options/registry-options.ts';
import { UserCode } from '../platform/user-code.ts';
import { RegistryActor } from './registry-actor.ts';
import { RegistryEntries, type RegistryEntry } from './registry-entries.ts';
import {
  isRegistryEvent,
  type RegistryListener,
  type RegistryListeners,
  RegistryTeller,
} from './registry-listeners.ts';
import { type RegistryMetrics, toRegistryMetrics } from './registry-metrics.ts';
import { RegistryTotals } from './registry-totals.ts';
import { RestoredBreakers } from './restored-breakers.ts';

interface Subscription {
  readonly subscribe: (breaker: CircuitBreaker) => () => void;
  /** What ends it, for each breaker. */
  readonly ends: Map<CircuitBreaker, () => void>;
}

/**
 * One breaker per key: per model, per tool, per tenant. The breakers share one configuration, one machine and one actor
 * system, and count on their own.
 *
 * @example
 * ```ts
 * const registry = createBreakerRegistry({ failureThreshold: 3, maxSize: 1_000 });
 * const answer = await registry.get('gpt-5').call(callModel, 'Hello');
 * ```
 */
export class BreakerRegistry implements Iterable<[string, CircuitBreaker]> {
  readonly #options: BreakerRegistryOptions;
  readonly #actor: RegistryActor;
  readonly #home: BreakerHome;
  readonly #entries = new RegistryEntries();
  readonly #subscriptions = new Set<Subscription>();
  readonly #teller: RegistryTeller;
  /** Those of which it was told that they have come. */
  readonly #members = new Set<RegistryEntry>();
  /** Another one goes on with what it has counted. */
  #replaced: RegistryEntry | undefined;
  readonly #forgotten: RegistryTotals;
  readonly #restored = new RestoredBreakers((key, overrides) => this.#create(key, overrides));
  #isStopped = false;

  /**
   * @param options - See `BreakerRegistryOptions`; all optional.
   * @throws BreakerOptionsError that names the option, what is wanted and what was received.
   */
  constructor(options: BreakerRegistryOptions = {}) {
    checkRegistryOptions(options);
    this.#options = ownOptions(options);
    const userCode = new UserCode(options.onCallbackError);
    this.#actor = new RegistryActor(options, userCode);
    this.#home = this.#homeFor(options, userCode);
    this.#teller = new RegistryTeller(userCode);
    this.#forgotten = new RegistryTotals(options.snapshot && forgottenTotalsOf(options.snapshot));
    for (const [key, snapshot] of Object.entries(options.snapshot?.breakers ?? {})) {
      const entry = this.#restored.restore(key, snapshot);
      if (entry) this.#add(entry);
    }
  }

  /** How many breakers there are. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The breaker of a key, which is made when it is first asked for. With `maxSize`, ask for it each time you need it: a
   * breaker that was forgotten is stopped and rejects.
   *
   * @param key - Names the breaker; not empty.
   * @param overrides - Options that differ from the registry's, for the case that the breaker is made now; one that
   *   there is already stays as it is.
   * @throws BreakerOptionsError if the key is no string, or an option is wrong.
   */
  get(key: string, overrides?: BreakerOverrides): CircuitBreaker {
    if (overrides !== undefined) checkOverrides(overrides);
    if (this.#isStopped || !this.#actor.isActive) return createStopped(key);
    const known = this.#entries.get(key);
    const isUnused = known !== undefined && this.#restored.settle(known);
    if (known?.circuit.link.isActive && !(isUnused && overrides)) {
      this.#entries.use(known);
      return known.breaker;
    }
    // One that nobody has used, and that was restored without these overrides, is made anew with them.
    const snapshot = isUnused ? known.breaker.toJSON() : undefined;
    this.#replaced = isUnused ? known : undefined;
    known?.breaker.stop();
    return this.#add(this.#restored.create(key, overrides ?? none, snapshot)).breaker;
  }

  /** Whether there is a breaker of this key; asking is no use of it. */
  has(key: string): boolean {
    return this.#entries.get(key) !== undefined;
  }

  /** Stops the breaker of a key and forgets it; tells whether there was one. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    entry?.breaker.stop();
    return entry !== undefined;
  }

  /** Every key with its breaker, the least recently used first. */
  *[Symbol.iterator](): Generator<[string, CircuitBreaker]> {
    for (const entry of [...this.#entries])
      if (this.#entries.get(entry.key) === entry) yield [entry.key, entry.breaker];
  }

  /**
   * Listens to an event of every breaker, also of those that are made later. The event says which breaker it is of
   * (`name`). `added` and `evicted` are the registry's own: a breaker has come, or has gone, by `maxSize`, `delete` or its own
   * `stop`.
   *
   * @returns A function that stops listening.
   * @throws TypeError for an unknown event or a listener that is no function.
   */
  on<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void;
  on(type: keyof RegistryListeners, listener: RegistryListener): () => void;
  on<T extends BreakerListenerType>(
    type: T | keyof RegistryListeners,
    listener: BreakerListeners[T] & RegistryListener,
  ): () => void {
    if (isRegistryEvent(type)) return this.#teller.listen(type, listener);
    const subscription: Subscription = { subscribe: (breaker) => breaker.on(type, listener), ends: new Map() };
    // Says what is wrong with the arguments, also while there is no breaker yet.
    new Listeners(new UserCode(undefined)).add(type, listener, 'on');
    this.#subscriptions.add(subscription);
    for (const { breaker } of this.#entries) subscription.ends.set(breaker, subscription.subscribe(breaker));
    return () => {
      this.#subscriptions.delete(subscription);
      for (const end of subscription.ends.values()) end();
    };
  }

  /** What all breakers have seen, together and each. */
  metrics(): RegistryMetrics {
    return toRegistryMetrics(this, this.#forgotten);
  }

  /** The registry as plain JSON, a copy, to go on from with `createBreakerRegistry({ snapshot })`, maybe in another process. */
  toJSON(): RegistrySnapshot {
    const breakers: Record<string, BreakerSnapshot> = Object.create(null);
    for (const [key, snapshot] of this.#restored.unfit) breakers[key] = snapshot;
    const entries = [...this.#entries];
    for (const { key, breaker } of entries) breakers[key] = breaker.toJSON();
    const totals = this.#forgotten.sumWith(entries.map(({ circuit }) => circuit.totals)).toSnapshot();
    return { version: 1, totals, breakers };
  }

  /**
   * Waits until nothing that its breakers have let through is under way; at once where it is stopped. Never rejects. A
   * breaker that was deleted is not waited for.
   */
  async idle(): Promise<void> {
    const circuits = () => [...this.#entries].map(({ circuit }) => circuit);
    while (circuits().some(({ isIdle }) => !isIdle)) await Promise.all(circuits().map((circuit) => circuit.idle()));
  }

  /** Stops every breaker and the registry; breakers that are asked for afterwards are stopped, too. */
  stop(): void {
    this.#isStopped = true;
    this.#teller.clear();
    for (const { breaker } of [...this.#entries]) breaker.stop();
    this.#subscriptions.clear();
    this.#actor.stop();
  }

  /** The same as `stop()`, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #create(key: string, overrides: BreakerOverrides): RegistryEntry {
    if (typeof key !== 'string' || key === '') rejectOption('key', 'a non-empty string', key);
    const { maxSize: _maxSize, clock: _clock, inspect: _inspect, snapshot: _snapshot, ...shared } = this.#options;
    const options: BreakerOptions = { ...shared, name: key, ...definedOf(overrides) };
    // Each is fine by itself, but together they may not be.
    if (Object.keys(overrides).length > 0) checkBreakerOptions(options);
    const { circuit } = assembleBreaker(options, decides(overrides) ? this.#homeFor(options) : this.#home);
    const breaker = new CircuitBreaker(new Caller(circuit, options, { stop: () => this.#forget(entry) }));
    const entry: RegistryEntry = { key, breaker, circuit };
    return entry;
  }

  /** Takes a new breaker in; nothing can evict it before it is handed out. */
  #add(entry: RegistryEntry): RegistryEntry {
    const { maxSize = Number.POSITIVE_INFINITY } = this.#options;
    for (const { breaker } of this.#entries.takeOut(this.#entries.size + 1 - maxSize)) breaker.stop();
    // An inspector, or whoever watches an actor that was stopped, may have stopped the registry or asked for the key.
    const other = this.#entries.get(entry.key);
    if (this.#isStopped || other) entry.breaker.stop();
    if (this.#isStopped) return entry;
    if (other === undefined)
      for (const { subscribe, ends } of this.#subscriptions) ends.set(entry.breaker, subscribe(entry.breaker));
    this.#entries.use(other ?? entry);
    if (other) return other;
    this.#members.add(entry);
    this.#teller.tell('added', entry.key, entry.breaker);
    return entry;
  }

  /** Follows a breaker that is stopped, by whomever. */
  #forget(entry: RegistryEntry): void {
    this.#entries.remove(entry);
    this.#restored.settle(entry);
    for (const { ends } of this.#subscriptions) ends.delete(entry.breaker);
    this.#actor.stopChild(entry.circuit.link.actor);
    if (!this.#members.delete(entry)) return;
    if (entry !== this.#replaced) this.#forgotten.add(entry.circuit.totals);
    this.#teller.tell('evicted', entry.key, entry.breaker);
  }

  #homeFor(options: Omit<BreakerOptions, 'snapshot'>, userCode = new UserCode(options.onCallbackError)): BreakerHome {
    const errorJudge = createErrorJudge(options, userCode);
    return {
      parent: this.#actor.root,
      isObserved: options.inspect !== undefined || this.#options.inspect !== undefined,
      errorJudge,
      machine: customiseMachine(options, errorJudge, userCode),
    };
  }
}

/** The options as they are now, whatever becomes of the objects and arrays in them: they are checked once. */
function ownOptions(options: BreakerRegistryOptions): BreakerRegistryOptions {
  const { excludedErrors, recoveryBackoff, recoveryRamp } = options;
  return {
    ...options,
    ...(excludedErrors && { excludedErrors: [...excludedErrors] }),
    ...(typeof recoveryBackoff === 'object' && { recoveryBackoff: { ...recoveryBackoff } }),
    ...(recoveryRamp && { recoveryRamp: { ...recoveryRamp } }),
  };
}

const none: BreakerOverrides = {};

function createStopped(name: string): CircuitBreaker {
  const breaker = new CircuitBreaker({ name });
  breaker.stop();
  return breaker;
}

function definedOf(overrides: BreakerOverrides): BreakerOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** Whether options change a function that decides, or who hears of its errors: such functions are part of the machine. */
function decides(overrides: BreakerOverrides): boolean {
  const { failurePredicate, excludedErrors, classifyError, recoveryBackoff, fleet, onCallbackError } = overrides;
  const options = [failurePredicate, excludedErrors, classifyError, recoveryBackoff, fleet, onCallbackError];
  return options.some((option) => option !== undefined);
}
