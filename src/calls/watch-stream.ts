import { iteratorOf, type StreamSource } from '../platform/stream-source.ts';
import type { CallHandle } from './call-handle.ts';
import { type BreakerStream, WatchedStream } from './watched-stream.ts';

/** How a stream that has been admitted is watched; see `StreamOptions`. Durations in ms. */
export interface StreamWatchOptions<T> {
  readonly signal?: AbortSignal | undefined;
  readonly firstItemTimeout?: number | undefined;
  readonly idleTimeout?: number | undefined;
  readonly isComplete?: ((item: T) => boolean) | undefined;
}

/**
 * Watches a stream whose call has been admitted, and settles the call by how it ends. For integrations, whose calls are
 * admitted before anybody reads. A call that is settled already stays so: whoever sees an error in an item tells it.
 */
export function watchStream<T>(
  source: StreamSource<T>,
  call: CallHandle,
  { signal, firstItemTimeout, idleTimeout, isComplete }: StreamWatchOptions<T>,
): BreakerStream<T> {
  const { name, clock } = call;
  const discard = () => iteratorOf(source).return?.();
  const stream = new WatchedStream(() => ({ call, start: () => source, discard }), {
    ...{ name, clock, signal, isComplete },
    ...{ firstItemTimeoutMs: firstItemTimeout, idleTimeoutMs: idleTimeout, timeoutMs: undefined },
  });
  stream.begin();
  return stream;
}
