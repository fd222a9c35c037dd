import type { BreakerEmitted } from '../../machines/breaker-events.ts';
import { EventQueue } from '../platform/event-queue.ts';
import type { BreakerListeners, BreakerListenerType, Listeners } from './listeners.ts';

/** Hands a listener what it is to be told. */
type Telling<T extends BreakerListenerType> = (listener: BreakerListeners[T]) => unknown;

/** Tells the listeners of everything that happens, in the order in which it happened and once it is committed. */
export class Announcer {
  readonly #listeners: Listeners;
  readonly #queue = new EventQueue();

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** The place in the order of events of what happens next. */
  get place(): number {
    return this.#queue.place;
  }

  /**
   * Keeps an event until it can be told.
   *
   * @param place - Where in the order it belongs; left out, at its end.
   */
  add<T extends BreakerListenerType>(type: T, tell: Telling<T>, place?: number): void {
    if (this.#listeners.has(type)) this.#queue.add(() => this.#listeners.emit(type, tell), place);
  }

  /** Keeps a change of state that the chart emitted. */
  addChange(change: BreakerEmitted): void {
    if (change.type === 'breaker.stateChanged')
      this.add('stateChange', (listener) => listener(change.from, change.to, change));
    else if (change.type === 'breaker.opened') this.add('open', (listener) => listener(change));
    else if (change.type === 'breaker.closed') this.add('close', (listener) => listener(change));
    else if (change.type === 'breaker.halfOpened') this.add('halfOpen', (listener) => listener(change));
    else if (change.type === 'breaker.isolated') this.add('isolate', (listener) => listener(change));
  }

  /** Forgets what has not been told. */
  clear(): void {
    this.#queue.clear();
  }

  /** Tells everything that has been added. */
  announce(): void {
    this.#queue.run();
  }
}
