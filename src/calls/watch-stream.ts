import { AbortWatch } from '../platform/abort-watch.ts';
import { type BreakerClock, systemClock } from '../platform/clock.ts';
import { iteratorOf, type StreamSource } from '../platform/stream-source.ts';
import type { Permit } from './permit.ts';
import { type BreakerStream, WatchedStream } from './watched-stream.ts';

/** How a stream that has been admitted is watched; see `StreamOptions`. Durations in ms. */
export interface StreamWatchOptions<T> {
  /** Name of the breaker, for errors. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  readonly firstItemTimeout?: number | undefined;
  readonly idleTimeout?: number | undefined;
  readonly isComplete?: ((item: T) => boolean) | undefined;
  /** @default the system clock */
  readonly clock?: BreakerClock | undefined;
}

// One for all: it holds signals weakly, and puts one listener on each.
const abortWatch = new AbortWatch();

/**
 * Watches a stream for which a permit was taken, and settles the permit by how it ends. For integrations, whose calls are
 * admitted before anybody reads. A permit that is settled already stays so: whoever sees an error in an item tells it.
 */
export function watchStream<T>(
  source: StreamSource<T>,
  permit: Permit,
  { name, signal, firstItemTimeout, idleTimeout, isComplete, clock = systemClock }: StreamWatchOptions<T>,
): BreakerStream<T> {
  const fail = (error: unknown) => permit.fail(error);
  const outcome = { succeed: () => permit.succeed(), fail, timeOut: fail, cancel: () => permit.cancel() };
  const discard = () => iteratorOf(source).return?.();
  const stream = new WatchedStream(() => ({ outcome, start: () => source, discard }), {
    ...{ name, clock, signal, abortWatch, isComplete },
    ...{ firstItemTimeoutMs: firstItemTimeout, idleTimeoutMs: idleTimeout, timeoutMs: undefined },
  });
  stream.begin();
  return stream;
}

/** A stream as a web `ReadableStream` that reads nothing ahead; cancelling it gives the stream up. */
export function toReadableStream<T>(stream: BreakerStream<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const result = await stream.next();
        if (result.done) controller.close();
        else controller.enqueue(result.value);
      },
      async cancel() {
        await stream.return();
      },
    },
    { highWaterMark: 0 },
  );
}
