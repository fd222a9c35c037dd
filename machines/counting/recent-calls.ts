import { CallCounter } from './call-counter.ts';
import { type CallMark, type CallWindow, noCalls } from './call-window.ts';

/**
 * Counts exactly the last so many calls. How each of them ended is kept in pieces of text, of which only the latest
 * grows: adding a call costs the same however many the window holds, and what has been handed out never changes.
 */
export class RecentCalls extends CallCounter {
  readonly #size: number;
  readonly #pieceLength: number;
  #older: readonly string[];
  #newest: string;
  #skipped: number;

  constructor(window: CallWindow, size: number) {
    super(window);
    this.#size = size;
    this.#pieceLength = Math.max(16, Math.ceil(Math.sqrt(size)));
    this.#older = window.older;
    this.#newest = window.newest;
    this.#skipped = window.skipped;
    // What was counted for a larger window.
    while (this.calls > size) this.#drop();
  }

  override add(_at: number, mark: CallMark, count: number): void {
    // Of more calls than the window holds, the first ones leave no trace.
    for (let left = Math.min(count, this.#size); left > 0; left--) this.#push(mark);
  }

  override leaving(): CallMark | undefined {
    return this.calls < this.#size ? undefined : this.#oldest();
  }

  override toWindow(): CallWindow {
    const { calls, failures, slow } = this;
    return { ...noCalls, calls, failures, slow, older: this.#older, newest: this.#newest, skipped: this.#skipped };
  }

  #push(mark: CallMark): void {
    if (this.calls >= this.#size) this.#drop();
    this.tally(mark, 1);
    this.#newest += mark;
    if (this.#newest.length < this.#pieceLength) return;
    // Engines keep a text that has grown piecemeal as a long chain until one of its characters is read.
    this.#newest.charCodeAt(0);
    this.#older = [...this.#older, this.#newest];
    this.#newest = '';
  }

  #drop(): void {
    this.tally(this.#oldest(), -1);
    this.#skipped++;
    if (this.#skipped !== this.#older[0]?.length) return;
    this.#older = this.#older.slice(1);
    this.#skipped = 0;
  }

  #oldest(): CallMark {
    const mark = (this.#older[0] ?? this.#newest).charAt(this.#skipped);
    return mark === '+' || mark === '~' ? mark : '-';
  }
}
