import type { BreakerStream } from '../calls/watched-stream.ts';

/** The two kinds of streams that a body can be. */
type Controller = ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>;

/**
 * Makes the body of a response of a stream of bytes.
 *
 * @param stream - What is read.
 * @param cancelSource - Called when the body is cancelled: nobody tells a source that nobody has begun to read.
 * @param readAheadBytes - How much is read before anybody asks for it.
 */
export function toBody(
  stream: BreakerStream<Uint8Array>,
  cancelSource: () => Promise<void>,
  readAheadBytes: number,
): ReadableStream<Uint8Array> {
  const source = {
    async pull(controller: Controller) {
      const { done, value } = await nextBytes(stream);
      if (done) close(controller);
      // A stream of bytes takes the memory of what it is given away.
      else controller.enqueue(new Uint8Array(value));
    },
    async cancel() {
      await stream.return();
      await cancelSource();
    },
  };
  // Like the body that fetch gives, where the platform can: it can be read into the reader's own memory.
  if (typeof ReadableByteStreamController === 'function')
    return new ReadableStream({ type: 'bytes', ...source }, { highWaterMark: readAheadBytes });
  return new ReadableStream<Uint8Array>(source, new ByteLengthQueuingStrategy({ highWaterMark: readAheadBytes }));
}

function close(controller: Controller): void {
  controller.close();
  if ('byobRequest' in controller) controller.byobRequest?.respond(0);
}

/** No stream of bytes takes an empty chunk. */
async function nextBytes(stream: BreakerStream<Uint8Array>): Promise<IteratorResult<Uint8Array, undefined>> {
  let result = await stream.next();
  while (!result.done && result.value.byteLength === 0) result = await stream.next();
  return result;
}
