import type { BreakerEmitted } from '../../machines/breaker-events.ts';
import { nextTurn } from '../platform/next-turn.ts';
import type { BreakerListeners, BreakerListenerType, Listeners } from './listeners.ts';

/** How many events may cause one another before the event loop gets a turn. */
const longestChain = 100;

/** Hands a listener what it is to be told. */
type Telling<T extends BreakerListenerType> = (listener: BreakerListeners[T]) => unknown;

/**
 * Tells the listeners of everything that happens, in the order in which it happened and once it is committed. What a
 * listener causes waits for its turn: nothing is lost, and nothing recurses.
 */
export class Announcer {
  readonly #listeners: Listeners;
  #queue: (() => void)[] = [];
  /** How many entries have ever been taken out of the queue. */
  #taken = 0;
  /** Set while something is told, or the event loop is having its turn. */
  #isBusy = false;
  #takeBackTurn: (() => void) | undefined;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** The place in the queue of what happens next. */
  get place(): number {
    return this.#taken + this.#queue.length;
  }

  /**
   * Keeps an event until it can be told.
   *
   * @param place - Where in the queue it belongs; left out, at its end.
   */
  add<T extends BreakerListenerType>(type: T, tell: Telling<T>, place = this.place): void {
    if (!this.#listeners.has(type)) return;
    this.#queue.splice(Math.max(0, place - this.#taken), 0, () => this.#listeners.emit(type, tell));
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
    this.#takeBackTurn?.();
    this.#queue = [];
  }

  /** Tells everything that has been added. */
  announce(): void {
    if (this.#queue.length === 0 || this.#isBusy) return;
    this.#isBusy = true;
    for (let told = 0; told < longestChain; told++) {
      const tell = this.#queue.shift();
      if (tell === undefined) break;
      this.#taken++;
      tell();
    }
    this.#isBusy = this.#queue.length > 0;
    // Listeners that cause one another without end must not hang the process.
    if (this.#isBusy) this.#takeBackTurn = nextTurn(() => this.#continue());
  }

  #continue(): void {
    this.#isBusy = false;
    this.announce();
  }
}
