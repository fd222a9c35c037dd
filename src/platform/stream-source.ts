import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';

/** A web `ReadableStream`, as far as it is read here. */
export interface ReadableSource<T> {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** What a stream can be read from. */
export type StreamSource<T> = AsyncIterable<T> | ReadableSource<T>;

/**
 * The iterator of a stream. Platforms whose `ReadableStream` cannot be iterated are helped.
 *
 * @throws TypeError if it is neither an AsyncIterable nor a ReadableStream.
 */
export function iteratorOf<T>(source: StreamSource<T>): AsyncIterator<T> {
  if (isIterable(source)) return source[Symbol.asyncIterator]();
  if (typeof propertyOf(source, 'getReader') === 'function') return readerOf(source);
  throw new TypeError(`A stream must be an AsyncIterable or a ReadableStream, but was ${describeValue(source)}.`);
}

function isIterable<T>(source: StreamSource<T>): source is AsyncIterable<T> {
  return typeof propertyOf(source, Symbol.asyncIterator) === 'function';
}

function readerOf<T>(source: ReadableSource<T>): AsyncIterator<T> {
  const reader = source.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (!done && value !== undefined) return { done: false, value };
      reader.releaseLock();
      return { done: true, value: undefined };
    },
    async return() {
      await reader.cancel();
      reader.releaseLock();
      return { done: true, value: undefined };
    },
  };
}
