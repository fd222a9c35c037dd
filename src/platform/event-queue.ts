import { nextTurn } from './next-turn.ts';

/** How many events may cause one another before the event loop gets a turn. */
const longestChain = 100;

/**
 * Tells events in the order in which they happened. What is caused while one is told waits for its turn: nothing is lost,
 * and nothing recurses.
 */
export class EventQueue {
  #entries: (() => void)[] = [];
  /** How many entries have ever been taken out. */
  #taken = 0;
  /** Set while something is told, or the event loop is having its turn. */
  #isBusy = false;
  #takeBackTurn: (() => void) | undefined;

  /** The place of what happens next. */
  get place(): number {
    return this.#taken + this.#entries.length;
  }

  /**
   * Keeps an event until it can be told.
   *
   * @param tell - Tells it; must not throw.
   * @param place - Where it belongs.
   */
  add(tell: () => void, place = this.place): void {
    this.#entries.splice(Math.max(0, place - this.#taken), 0, tell);
  }

  /** Forgets what has not been told. */
  clear(): void {
    this.#takeBackTurn?.();
    this.#entries = [];
  }

  /** Tells everything that has been added. */
  run(): void {
    if (this.#entries.length === 0 || this.#isBusy) return;
    this.#isBusy = true;
    for (let told = 0; told < longestChain; told++) {
      const tell = this.#entries.shift();
      if (tell === undefined) break;
      this.#taken++;
      tell();
    }
    this.#isBusy = this.#entries.length > 0;
    // Listeners that cause one another without end must not hang the process.
    if (this.#isBusy) this.#takeBackTurn = nextTurn(() => this.#continue());
  }

  #continue(): void {
    this.#isBusy = false;
    this.run();
  }
}
