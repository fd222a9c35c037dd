import { type Actor, createActor } from 'xstate';
import { rejectOption } from '../machines/option-rules.ts';
import { assembleBreaker, type BreakerHome, guardInspector } from './assemble-breaker.ts';
import type { BreakerOptions } from './breaker-options.ts';
import type { Caller } from './caller.ts';
import { checkOverrides, checkRegistryOptions } from './check-options.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { systemClock } from './clock.ts';
import { customiseMachine } from './customise-machine.ts';
import { createErrorJudge } from './judge-error.ts';
import { type BreakerListeners, type BreakerListenerType, Listeners } from './listeners.ts';
import { type RegistryLogic, registryLogic } from './registry-actor.ts';
import { type RegistryMetrics, toRegistryMetrics } from './registry-metrics.ts';
import { UserCode } from './user-code.ts';

/** Options of a registry: those of its breakers, each of which is named by its key. */
export interface BreakerRegistryOptions extends Omit<BreakerOptions, 'name' | 'snapshot'> {
  /**
   * How many breakers the registry holds at most, from 1 to 2147483647. For one more, the least recently used breaker
   * that is closed and idle is stopped and forgotten; where there is none, the registry holds more for a while.
   * @default none
   */
  readonly maxSize?: number | undefined;
}

/** Options of one breaker of a registry; its clock and its inspector are those of the registry. */
export type BreakerOverrides = Omit<BreakerOptions, 'clock' | 'inspect'>;

interface Entry {
  readonly breaker: CircuitBreaker;
  readonly caller: Caller;
}

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
  readonly #root: Actor<RegistryLogic>;
  readonly #home: BreakerHome;
  /** In the order in which they were last asked for. */
  readonly #entries = new Map<string, Entry>();
  readonly #subscriptions = new Set<Subscription>();

  /**
   * @param options - See `BreakerRegistryOptions`; all optional.
   * @throws BreakerOptionsError that names the option, what is wanted and what was received.
   */
  constructor(options: BreakerRegistryOptions = {}) {
    checkRegistryOptions(options);
    this.#options = { ...options };
    const userCode = new UserCode(options.onCallbackError);
    const { inspect } = options;
    this.#root = createActor(registryLogic, {
      id: 'registry',
      clock: options.clock ?? systemClock,
      ...(inspect && { inspect: guardInspector(inspect, userCode) }),
    }).start();
    this.#home = this.#homeFor(options, userCode);
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
   * @param overrides - Options that differ from the registry's, for the case that the breaker is made now.
   * @throws BreakerOptionsError if the key is no string, or an option is wrong.
   */
  get(key: string, overrides?: BreakerOverrides): CircuitBreaker {
    if (this.#root.getSnapshot().status !== 'active') return createStopped(key);
    const known = this.#usable(key);
    const entry = known ?? this.#create(key, overrides);
    // The last one in a map is the one that was set last.
    if (known) this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (!known) this.#evict(entry);
    return entry.breaker;
  }

  /** Whether there is a breaker of this key; asking is no use of it. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Stops the breaker of a key and forgets it; tells whether there was one. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    for (const { ends } of this.#subscriptions) ends.delete(entry.breaker);
    entry.breaker.stop();
    return true;
  }

  /** Every key with its breaker, the least recently used first. */
  *[Symbol.iterator](): Generator<[string, CircuitBreaker]> {
    for (const [key, { breaker }] of [...this.#entries]) yield [key, breaker];
  }

  /**
   * Listens to an event of every breaker, also of those that are made later. The event says which breaker it is of
   * (`name`).
   *
   * @returns A function that stops listening.
   * @throws TypeError for an unknown event or a listener that is no function.
   */
  on<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void {
    const subscription: Subscription = { subscribe: (breaker) => breaker.on(type, listener), ends: new Map() };
    // Says what is wrong with the arguments, also while there is no breaker yet.
    new Listeners(new UserCode(undefined)).add(type, listener, 'on');
    this.#subscriptions.add(subscription);
    for (const { breaker } of this.#entries.values()) subscription.ends.set(breaker, subscription.subscribe(breaker));
    return () => {
      this.#subscriptions.delete(subscription);
      for (const end of subscription.ends.values()) end();
    };
  }

  /** What all breakers have seen, together and each. */
  metrics(): RegistryMetrics {
    return toRegistryMetrics(new Map([...this].map(([key, breaker]) => [key, breaker.metrics()])));
  }

  /** Stops every breaker and the registry; breakers that are asked for afterwards are stopped, too. */
  stop(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
    this.#subscriptions.clear();
    this.#root.stop();
  }

  /** The same as `stop()`, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  #create(key: string, overrides: BreakerOverrides = {}): Entry {
    if (typeof key !== 'string' || key === '') rejectOption('key', 'a non-empty string', key);
    checkOverrides(overrides);
    const { maxSize: _maxSize, clock: _clock, inspect: _inspect, ...shared } = this.#options;
    const options: BreakerOptions = { ...shared, name: key, ...definedOf(overrides) };
    const caller = assembleBreaker(options, decides(overrides) ? this.#homeFor(options) : this.#home);
    const breaker = new CircuitBreaker(caller);
    for (const { subscribe, ends } of this.#subscriptions) ends.set(breaker, subscribe(breaker));
    return { breaker, caller };
  }

  /** What is there for a key; a breaker that its user has stopped is forgotten. */
  #usable(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.breaker.state === 'stopped') this.delete(key);
    return this.#entries.get(key);
  }

  /** Makes room for a new breaker. */
  #evict(newcomer: Entry): void {
    const { maxSize = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#entries.size <= maxSize) return;
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= maxSize) return;
      const { circuit } = entry.caller;
      if (entry !== newcomer && circuit.totals.inFlight === 0 && entry.breaker.state === 'closed') this.delete(key);
    }
  }

  #homeFor(options: BreakerOptions, userCode = new UserCode(options.onCallbackError)): BreakerHome {
    const judgeError = createErrorJudge(options, userCode);
    return {
      parent: this.#root,
      isObserved: options.inspect !== undefined || this.#options.inspect !== undefined,
      judgeError,
      machine: customiseMachine(options, judgeError, userCode),
    };
  }
}

function createStopped(name: string): CircuitBreaker {
  const breaker = new CircuitBreaker({ name });
  breaker.stop();
  return breaker;
}

function definedOf(overrides: BreakerOverrides): BreakerOverrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}

/** Whether options bring functions that decide, which are part of the machine. */
function decides({ failurePredicate, excludedErrors, recoveryBackoff }: BreakerOverrides): boolean {
  return failurePredicate !== undefined || excludedErrors !== undefined || typeof recoveryBackoff === 'function';
}
