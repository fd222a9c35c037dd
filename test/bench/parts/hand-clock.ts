import type { BreakerClock } from 'agent-circuit-breaker';

/** A clock that stands still until it is moved by hand. */
export class HandClock implements BreakerClock {
  #now = 1_000_000;
  readonly #timers = new Map<number, { readonly dueAt: number; readonly callback: () => void }>();
  #count = 0;

  now = () => this.#now;

  setTimeout = (callback: () => void, ms: number): number => {
    this.#timers.set(++this.#count, { dueAt: this.#now + ms, callback });
    return this.#count;
  };

  clearTimeout = (timer: unknown): void => {
    if (typeof timer === 'number') this.#timers.delete(timer);
  };

  /** Moves time on, then fires what is due. */
  advance(ms: number): void {
    this.#now += ms;
    for (const [timer, { dueAt, callback }] of this.#timers)
      if (dueAt <= this.#now) {
        this.#timers.delete(timer);
        callback();
      }
  }
}
