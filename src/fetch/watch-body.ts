import type { CallHandle } from '../calls/call-handle.ts';
import { watchStream } from '../calls/watch-stream.ts';
import type { BodyInspector } from './body-inspector.ts';
import { toBody } from './body-stream.ts';
import type { GuardOptions } from './guard-options.ts';
import { createInspector } from './inspect-body.ts';

/** A body that is to be watched. */
export interface BodyWatch {
  readonly body: ReadableStream<Uint8Array>;
  readonly headers: Headers;
  readonly call: CallHandle;
  /** Ends the body when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** Settles the call when the signal was aborted. */
  readonly onAbort: (byteCount: number) => void;
  /** Its `firstItemTimeout` is what is left of the time for the first byte, in milliseconds. */
  readonly options: GuardOptions;
}

/**
 * How many bytes are read before anybody asks for them, unless they are a stream: so the outcome of an answer is known
 * even if nobody reads it.
 */
const readAheadBytes = 1_048_576;

const streamTypes = /event-?stream|ndjson|jsonl|json-seq/;

/** The same bytes, with the outcome told to the call when they end, break off, stall or are given up. */
export function watchBody({ body, headers, call, signal, options, onAbort }: BodyWatch): ReadableStream<Uint8Array> {
  const { isComplete, firstItemTimeout, idleTimeout } = options;
  const mediaType = (headers.get('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  const inspector = createInspector(mediaType, { call, headers, isComplete });
  const passage = new Passage(body, inspector);
  const unlessOver = (settle: () => void) => {
    if (inspector.isWhole) inspector.end();
    else if (signal?.aborted) onAbort(passage.byteCount);
    else settle();
  };
  const stream = watchStream(passage, handleThatAsks(call, unlessOver), { signal, firstItemTimeout, idleTimeout });
  return toBody(stream, () => passage.cancel(), streamTypes.test(mediaType) ? 0 : readAheadBytes);
}

/** The bytes of a body on their way past an inspector. */
class Passage implements AsyncIterable<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #inspector: BodyInspector;
  byteCount = 0;

  constructor(body: ReadableStream<Uint8Array>, inspector: BodyInspector) {
    this.#reader = body.getReader();
    this.#inspector = inspector;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next(), return: () => this.#return() };
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const { done, value } = await this.#reader.read();
    if (!done) {
      this.byteCount += value.byteLength;
      this.#inspector.take(value);
      return { done, value };
    }
    this.#inspector.end();
    return { done: true, value: undefined };
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

/** Asks before each ending what it means. */
function handleThatAsks(call: CallHandle, ask: (settle: () => void) => void): CallHandle {
  return {
    name: call.name,
    clock: call.clock,
    get settled() {
      return call.settled;
    },
    succeed: () => ask(() => call.succeed()),
    fail: (error) => ask(() => call.fail(error)),
    timeOut: (error) => ask(() => call.timeOut(error)),
    abort: (reason) => ask(() => call.abort(reason)),
    ignore: () => ask(() => call.ignore()),
    cancel: () => ask(() => call.cancel()),
    [Symbol.dispose]: () => call[Symbol.dispose](),
  };
}
