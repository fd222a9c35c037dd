import type { BreakerClock } from '../platform/clock.ts';
import type { StreamSource } from '../platform/stream-source.ts';
import type { CallHandle } from './call-handle.ts';

/** A stream that may be started. */
export interface StreamStart<T> {
  /** Undefined where nothing is counted. */
  readonly call: CallHandle | undefined;
  readonly start: (signal: AbortSignal) => StreamSource<T> | PromiseLike<StreamSource<T>>;
  /** Cancels a source that is there already and will not be read. */
  readonly discard?: (() => PromiseLike<unknown> | undefined) | undefined;
}

/** What a stream is watched for. Durations in ms. */
export interface StreamWatch<T> {
  /** Name of the breaker. */
  readonly name: string;
  readonly clock: BreakerClock;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  readonly firstItemTimeoutMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  /** Deadline of the whole stream. */
  readonly timeoutMs: number | undefined;
  /** Tells the item that marks the end; undefined where none does. */
  readonly isComplete: ((item: T) => boolean) | undefined;
}
