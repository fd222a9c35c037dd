import type { CallHandle } from '../calls/call-handle.ts';
import { type CallLimit, CallTimeoutError } from '../errors/call-timeout-error.ts';
import type { BodyInspector } from './body-inspector.ts';

/** A body, and how long one waits for it. Durations in ms. */
export interface PassageOptions {
  readonly body: ReadableStream<Uint8Array>;
  readonly inspector: BodyInspector;
  readonly call: CallHandle;
  readonly firstItemTimeoutMs: number | undefined;
  /** What is left of it. */
  readonly firstItemLeftMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
}

/**
 * The bytes of a body on their way past an inspector. Its clock runs while bytes are being asked for, and goes on running
 * when nothing comes but signs of a connection: these are passed on, too.
 */
export class BodyPassage implements AsyncIterable<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #options: PassageOptions;
  #limit: CallLimit;
  /** How much of the time for the next part of the answer is left. */
  #leftMs: number | undefined;
  /** Whether something of the answer has passed. */
  hasBegun = false;

  constructor(options: PassageOptions) {
    const { body, firstItemLeftMs, idleTimeoutMs } = options;
    this.#reader = body.getReader();
    this.#options = options;
    this.#limit = firstItemLeftMs === undefined ? 'idleTimeout' : 'firstItemTimeout';
    this.#leftMs = firstItemLeftMs ?? idleTimeoutMs;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next(), return: () => this.#return() };
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const { inspector, idleTimeoutMs, call } = this.#options;
    const askedAt = call.clock.now();
    const { done, value } = await this.#read();
    if (done) {
      inspector.end();
      return { done: true, value: undefined };
    }
    if (inspector.take(value)) {
      this.hasBegun = true;
      this.#limit = 'idleTimeout';
      this.#leftMs = idleTimeoutMs;
    } else if (this.#leftMs !== undefined) this.#leftMs -= call.clock.now() - askedAt;
    return { done, value };
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    const leftMs = this.#leftMs;
    if (leftMs === undefined) return this.#reader.read();
    const { clock } = this.#options.call;
    let timer: unknown;
    const timeUp = new Promise<never>((_resolve, reject) => {
      timer = clock.setTimeout(() => this.#timeOut(reject), Math.max(1, leftMs));
    });
    const read = this.#reader.read();
    // Where the time is up first, what it comes to is of no interest.
    read.catch(() => {});
    try {
      return await Promise.race([read, timeUp]);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  #timeOut(reject: (error: CallTimeoutError) => void): void {
    const { call, firstItemTimeoutMs, idleTimeoutMs } = this.#options;
    const isFirst = this.#limit === 'firstItemTimeout';
    const error = new CallTimeoutError(call.name, Number(isFirst ? firstItemTimeoutMs : idleTimeoutMs), this.#limit);
    call.timeOut(error);
    // First: what is being read ends in order when it is cancelled.
    reject(error);
    this.cancel();
  }

  /** Gives the body up; what happens then is of no interest. */
  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }

  async #return(): Promise<IteratorResult<Uint8Array>> {
    await this.cancel();
    return { done: true, value: undefined };
  }
}
