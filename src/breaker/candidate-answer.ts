import { EmptyAnswerError } from '../errors/empty-answer-error.ts';
import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { orTrue } from '../platform/or-true.ts';
import { HeldSize } from './held-size.ts';

/** How a candidate's answer is read. */
export interface AnswerOptions<T> {
  /** Name of the breaker. */
  readonly name: string;
  readonly isContent: (item: T) => boolean;
  /** Whether the item that marks the end has arrived, or none does. */
  readonly isWhole: () => boolean;
  /** Whether the answer is handed on when it is whole, and not with its first content. */
  readonly commitsAtEnd: boolean;
  readonly maxHeldBytes: number | undefined;
  /** Whether something better can be had than an answer of nothing. */
  readonly isRefused: (error: unknown) => boolean;
}

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
   * @throws What breaks it off; HeldTooMuchError; EmptyAnswerError, where another one can be had.
   */
  async commit(): Promise<this> {
    const { isContent, commitsAtEnd, maxHeldBytes } = this.#options;
    const size = new HeldSize(maxHeldBytes);
    let hasContent = false;
    for (;;) {
      const result = await this.#read();
      if (result.done) break;
      this.#held.push(result.value);
      hasContent ||= orTrue(() => isContent(result.value));
      if (hasContent && !commitsAtEnd) break;
      size.add(result.value);
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
    const error = new EmptyAnswerError(name);
    if (isRefused(error)) throw error;
  }
}
