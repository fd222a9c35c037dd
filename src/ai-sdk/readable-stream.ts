import type { BreakerStream } from '../calls/watched-stream.ts';

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
