import type { BreakerEmitted } from '../../machines/breaker-events.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { Listeners } from './listeners.ts';

/** How many changes may cause one another before the event loop gets a turn. */
const longestChain = 100;

/**
 * Tells the listeners of changes of state, in the order in which they happened and only once they are committed. A
 * change that a listener causes waits for its turn, so nothing recurses.
 */
export class Announcer {
  readonly #listeners: Listeners;
  readonly #clock: BreakerClock;
  #changes: BreakerEmitted[] = [];
  #isAnnouncing = false;
  #timer: unknown;

  constructor(listeners: Listeners, clock: BreakerClock) {
    this.#listeners = listeners;
    this.#clock = clock;
  }

  /** Keeps a change that the chart emitted until it can be told. */
  add(change: BreakerEmitted): void {
    this.#changes.push(change);
  }

  /** Forgets what has not been told. */
  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#changes = [];
  }

  /** Tells everything that has been added. */
  announce(): void {
    if (this.#changes.length === 0 || this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    for (let count = 0; count < longestChain; count++) {
      const change = this.#changes.shift();
      if (change) this.#tell(change);
    }
    this.#isAnnouncing = false;
    // Listeners that keep changing the state in turns must not hang the process.
    if (this.#changes.length > 0) this.#timer ??= this.#clock.setTimeout(() => this.#continue(), 1);
  }

  #continue(): void {
    this.#timer = undefined;
    this.announce();
  }

  #tell(change: BreakerEmitted): void {
    if (change.type === 'breaker.stateChanged')
      this.#listeners.emit('stateChange', (listener) => listener(change.from, change.to, change));
    else if (change.type === 'breaker.opened') this.#listeners.emit('open', (listener) => listener(change));
    else if (change.type === 'breaker.closed') this.#listeners.emit('close', (listener) => listener(change));
    else if (change.type === 'breaker.halfOpened') this.#listeners.emit('halfOpen', (listener) => listener(change));
  }
}
