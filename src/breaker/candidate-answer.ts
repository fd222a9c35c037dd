import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { orTrue } from '../platform/or-true.ts';

/** How a candidate's answer is read. */
export interface AnswerOptions<T> {
  /** Name of the breaker. */
  readonly name: string;
  readonly isContent: (item: T) => boolean;
  /** Whether the item that marks the end has arrived, or none does. */
  readonly isWhole: () => boolean;
  /** Whether the answer is handed on when it is whole, and not with its first content. */
  readonly commitsAtEnd: boolean;
  readonly maxHeldBytes: number;
  /** Whether something better can be had than an answer of nothing. */
  readonly isRefused: (error: unknown) => boolean;
}

/** What is held back of an answer is too much; no fault of who gives it. */
export class HeldTooMuchError extends RangeError {}

/** The answer of one candidate: held back until it is committed, then read on. */
export class CandidateAnswer<T> {
  readonly #items: AsyncIterator<T>;
  readonly #options: AnswerOptions<T>;
  readonly #held: T[] = [];
  #itemCount = 0;
  #isOver = false;

  constructor(items: AsyncIterator<T>, options: AnswerOptions<T>) {
    this.#items = items;
    this.#options = options;
  }

  /**
   * Reads until the answer is committed.
   *
   * @throws What breaks it off; HeldTooMuchError; what an answer of nothing is called, where another one can be had.
   */
  async commit(): Promise<this> {
    const { isContent, commitsAtEnd, maxHeldBytes } = this.#options;
    let heldBytes = 0;
    let hasContent = false;
    for (;;) {
      const result = await this.#read();
      if (result.done) break;
      this.#held.push(result.value);
      hasContent ||= orTrue(() => isContent(result.value));
      if (hasContent && !commitsAtEnd) break;
      heldBytes += sizeOf(result.value);
      if (heldBytes > maxHeldBytes) throw new HeldTooMuchError(tooMuch(maxHeldBytes));
    }
    if (!hasContent && this.#held.length > 0) this.#refuse();
    return this;
  }

  /** The items, those that were held back first. */
  async *items(): AsyncGenerator<T, void> {
    for (const item of this.#held.splice(0)) yield item;
    while (!this.#isOver) {
      const result = await this.#read();
      if (!result.done) yield result.value;
    }
  }

  async #read(): Promise<IteratorResult<T, unknown>> {
    const { name, isWhole } = this.#options;
    const result = await this.#items.next();
    if (!result.done) {
      this.#itemCount++;
      return result;
    }
    this.#isOver = true;
    if (!isWhole()) throw new StreamInterruptedError(name, this.#itemCount);
    return result;
  }

  #refuse(): void {
    const { name, isRefused } = this.#options;
    const text = `An answer through circuit "${name}" ended after ${this.#itemCount} items that say nothing.`;
    const error = Object.assign(new Error(text), { code: 'ERR_EMPTY_ANSWER' });
    if (isRefused(error)) throw error;
  }
}

function tooMuch(maxHeldBytes: number): string {
  return `failoverStream held back more than ${maxHeldBytes} bytes. Raise maxHeldBytes, or commit: 'firstContent'.`;
}

/** About how many bytes an item takes. */
function sizeOf(item: unknown): number {
  if (typeof item === 'string') return item.length;
  if (ArrayBuffer.isView(item)) return item.byteLength;
  try {
    return JSON.stringify(item)?.length ?? 0;
  } catch {
    return 0;
  }
}
