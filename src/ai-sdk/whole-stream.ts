import type { ModelStreamPart } from './model-types.ts';
import { flawOf } from './stream-flaw.ts';

/** Who hears of what becomes of a stream that is handed on. */
export interface StreamFollower {
  /** Name of the circuit. */
  readonly name: string;
  /** Whether its caller has given it up. */
  isAborted(): boolean;
  /** Hears of an answer that breaks off; tells whether it is worth trying again. */
  breaksOff(error: unknown): boolean;
}

/**
 * The parts that were read, and those that are still to come. Where these break off, however they do, and the step is worth
 * trying again, an error part says so, which is what makes the SDK do it.
 *
 * @param lead - The parts that were read.
 */
export function toWholeStream(
  lead: ModelStreamPart[],
  reader: ReadableStreamDefaultReader<ModelStreamPart>,
  follower: StreamFollower,
): ReadableStream<ModelStreamPart> {
  let partCount = 0;
  let isFlawed = false;
  /** Whether the part that tells the end has arrived. */
  let isOver = false;
  /** Whether the stream has thrown. */
  let isLost = false;
  const read = async (): Promise<ModelStreamPart | undefined> => {
    if (isLost) return undefined;
    try {
      return lead.shift() ?? (await reader.read()).value;
    } catch (error) {
      if (isFlawed || follower.isAborted() || !follower.breaksOff(error)) throw error;
      isFlawed = true;
      isLost = true;
      return toErrorPart(error);
    }
  };
  return new ReadableStream<ModelStreamPart>(
    {
      async pull(controller) {
        const part = await read();
        partCount++;
        const flaw = isFlawed || isOver ? undefined : flawOf(part, partCount, follower.name);
        isOver ||= part?.type === 'finish';
        if (flaw) {
          isFlawed = true;
          const isWorthwhile = follower.breaksOff(flaw.error);
          if (isWorthwhile && part?.type !== 'error') controller.enqueue(toErrorPart(flaw.error));
        }
        if (part) controller.enqueue(part);
        else controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function toErrorPart(error: unknown): ModelStreamPart {
  const part = { type: 'error', error };
  return part;
}
