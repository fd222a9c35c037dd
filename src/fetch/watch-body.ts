import type { CallHandle } from '../calls/call-handle.ts';
import { watchStream } from '../calls/watch-stream.ts';
import { BodyPassage } from './body-passage.ts';
import { toBody } from './body-stream.ts';
import type { GuardOptions } from './guard-options.ts';
import { createInspector } from './inspect-body.ts';

/** A body that is to be watched. */
export interface BodyWatch {
  readonly body: ReadableStream<Uint8Array>;
  readonly response: Pick<Response, 'status' | 'headers'>;
  readonly call: CallHandle;
  /** Ends the body when it is aborted. */
  readonly signal: AbortSignal | undefined;
  /** Settles the call when the signal was aborted. */
  readonly onAbort: (hasBegun: boolean) => void;
  readonly options: BodyWatchOptions;
}

/** How a body is watched. */
export interface BodyWatchOptions extends GuardOptions {
  /** What the headers have left of `firstItemTimeout`, in milliseconds. */
  readonly firstItemLeftMs: number | undefined;
}

/**
 * How many bytes are read before anybody asks for them, unless they are a stream: so the outcome of an answer is known
 * even if nobody reads it.
 */
const readAheadBytes = 1_048_576;

const streamTypes = /event-?stream|ndjson|jsonl|json-seq/;

/** The same bytes, with the outcome told to the call when they end, break off, stall or are given up. */
export function watchBody({ body, response, call, signal, options, onAbort }: BodyWatch): ReadableStream<Uint8Array> {
  const { isComplete, firstItemTimeout, firstItemLeftMs, idleTimeout } = options;
  const { status, headers } = response;
  const mediaType = (headers.get('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  const inspector = createInspector(mediaType, { call, status, headers, isComplete });
  const unlessOver = (settle: () => void) => {
    if (inspector.isWhole) inspector.end();
    else if (signal?.aborted) onAbort(passage.hasBegun);
    else settle();
  };
  // Whoever leaves after nothing but signs of a connection has had nothing.
  const succeed = () => (passage.hasBegun ? call.succeed() : call.cancel());
  const handle = handleThatAsks(call, succeed, unlessOver);
  const limits = { firstItemTimeoutMs: firstItemTimeout, firstItemLeftMs, idleTimeoutMs: idleTimeout };
  const passage = new BodyPassage({ ...{ body, inspector, call: handle }, ...limits });
  // The passage has the deadlines: only it knows what is a part of the answer.
  const stream = watchStream(passage, handle, { signal });
  return toBody(stream, () => passage.cancel(), streamTypes.test(mediaType) ? 0 : readAheadBytes);
}

/** Asks before each ending what it means. */
function handleThatAsks(call: CallHandle, succeed: () => void, ask: (settle: () => void) => void): CallHandle {
  return {
    name: call.name,
    clock: call.clock,
    get settled() {
      return call.settled;
    },
    succeed: () => ask(succeed),
    fail: (error) => ask(() => call.fail(error)),
    timeOut: (error) => ask(() => call.timeOut(error)),
    abort: (reason) => ask(() => call.abort(reason)),
    ignore: () => ask(() => call.ignore()),
    cancel: () => ask(() => call.cancel()),
    [Symbol.dispose]: () => call[Symbol.dispose](),
  };
}
