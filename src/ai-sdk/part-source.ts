import type { ModelStreamPart, ModelStreamResult } from './model-types.ts';
import { isContent } from './streamed-answer.ts';

/** How a stream is asked for, and who hears of its parts. */
export interface PartSourceOptions<Streamed> {
  /** Asks for the stream. */
  readonly open: (signal: AbortSignal) => PromiseLike<Streamed>;
  /** Hears of each part before it is passed on. */
  readonly onPart: (part: ModelStreamPart) => void;
  /** The caller's own signal; why the stream was given up is told to the model. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The parts of a stream from the first content on, so that the wait for the first item is the wait for content, and a
 * consumer that leaves before it has had nothing. The parts that precede it are put aside in `leadParts`.
 */
export class PartSource<Streamed extends ModelStreamResult> implements AsyncIterableIterator<ModelStreamPart> {
  /** Resolves when the model has answered with a stream. */
  readonly opened: Promise<Streamed>;
  /** Parts before the first content that have not been passed on. */
  readonly leadParts: ModelStreamPart[] = [];
  readonly #options: PartSourceOptions<Streamed>;
  readonly #controller = new AbortController();
  #tellOpened: (result: Streamed) => void = () => {};
  #tellLead: () => void = () => {};
  #reader: ReadableStreamDefaultReader<ModelStreamPart> | undefined;
  #isBeforeContent = true;
  #isClosed = false;

  constructor(options: PartSourceOptions<Streamed>) {
    this.#options = options;
    this.opened = new Promise((resolve) => {
      this.#tellOpened = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Resolves when the next part is put aside. */
  leadArrives(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellLead = resolve;
    });
  }

  async next(): Promise<IteratorResult<ModelStreamPart, undefined>> {
    this.#reader ??= await this.#open();
    while (!this.#isClosed) {
      const { done, value } = await this.#reader.read();
      if (done || this.#isClosed) break;
      this.#options.onPart(value);
      if (isContent(value) || value.type === 'finish' || value.type === 'error') this.#isBeforeContent = false;
      if (!this.#isBeforeContent) return { done: false, value };
      this.leadParts.push(value);
      this.#tellLead();
    }
    return { done: true, value: undefined };
  }

  /** Gives the stream up, also one that has not been opened yet. */
  async return(): Promise<IteratorResult<ModelStreamPart, undefined>> {
    this.#isClosed = true;
    const reason = this.#options.signal?.reason;
    const cancelled = this.#reader?.cancel(reason);
    this.#controller.abort(reason);
    await cancelled;
    return { done: true, value: undefined };
  }

  async #open(): Promise<ReadableStreamDefaultReader<ModelStreamPart>> {
    const result = await this.#options.open(this.#controller.signal);
    const reader = result.stream.getReader();
    // Too late: whoever has given up will not read it.
    if (this.#isClosed) reader.cancel().catch(() => {});
    else this.#tellOpened(result);
    return reader;
  }
}
