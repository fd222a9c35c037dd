import { describeValue } from '../../machines/settings/describe-value.ts';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { EventQueue } from '../platform/event-queue.ts';
import type { UserCode } from '../platform/user-code.ts';

/** A breaker has come into a registry, or has gone. */
export interface RegistryChangeEvent {
  readonly type: 'registry.added' | 'registry.evicted';
  readonly key: string;
  readonly breaker: CircuitBreaker;
}

/** A listener of a registry's own events. */
export type RegistryListener = (event: RegistryChangeEvent) => unknown;

/** What the listeners of each of a registry's own events are given. */
export interface RegistryListeners {
  readonly added: RegistryListener;
  readonly evicted: RegistryListener;
}

/** Tells whether an event is a registry's own, and not one of its breakers. */
export function isRegistryEvent(type: string): type is keyof RegistryListeners {
  return type === 'added' || type === 'evicted';
}

/** Tells who listens which breakers come and go, in the order in which they do. */
export class RegistryTeller {
  readonly #userCode: UserCode;
  readonly #queue = new EventQueue();
  readonly #listeners: Record<keyof RegistryListeners, Set<{ readonly listener: RegistryListener }>> = {
    added: new Set(),
    evicted: new Set(),
  };

  /** @param userCode - Runs the listeners, and reports what they throw. */
  constructor(userCode: UserCode) {
    this.#userCode = userCode;
  }

  /**
   * Adds a listener.
   *
   * @returns A function that takes it off again.
   * @throws TypeError for a listener that is no function.
   */
  listen(type: keyof RegistryListeners, listener: RegistryListener): () => void {
    if (typeof listener !== 'function')
      throw new TypeError(`A listener must be a function, but was ${describeValue(listener)}.`);
    const subscription = { listener };
    this.#listeners[type].add(subscription);
    return () => {
      this.#listeners[type].delete(subscription);
    };
  }

  /** Tells that a breaker has come, or gone. */
  tell(type: keyof RegistryListeners, key: string, breaker: CircuitBreaker): void {
    if (this.#listeners[type].size === 0) return;
    this.#queue.add(() => this.#emit(type, { type: `registry.${type}`, key, breaker }));
    this.#queue.run();
  }

  /** Nobody listens any more. */
  clear(): void {
    this.#queue.clear();
    for (const set of Object.values(this.#listeners)) set.clear();
  }

  #emit(type: keyof RegistryListeners, event: RegistryChangeEvent): void {
    for (const { listener } of [...this.#listeners[type]])
      this.#userCode.run(`a listener of ${type}`, () => listener(event));
  }
}
