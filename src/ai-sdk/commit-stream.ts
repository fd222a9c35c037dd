import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import { AnswerFailedError } from './answer-failed-error.ts';
import { endOf } from './finish-reason.ts';
import type { ModelStreamPart, ModelStreamResult } from './model-types.ts';
import { isContent } from './streamed-answer.ts';

/** What is known about the model that has answered. */
interface StreamJudge {
  /** Name of its circuit. */
  readonly name: string;
  /** Whether another model is tried if this one fails with an error. */
  goesOnAfter(error: unknown): boolean;
}

/**
 * Reads a stream until its first content, so that another model can still take its place.
 *
 * @returns The model's own result with all of its parts.
 * @throws What went wrong before the first content, where another model is to be tried, or the stream threw.
 */
export async function commitStream<Streamed extends ModelStreamResult>(
  result: Streamed,
  judge: StreamJudge,
): Promise<Streamed> {
  const reader = result.stream.getReader();
  const parts: ModelStreamPart[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) parts.push(value);
    const flaw = flawOf(value, parts.length, judge.name);
    if (flaw && judge.goesOnAfter(flaw.error)) {
      reader.cancel().catch(() => {});
      throw flaw.error;
    }
    if (done || flaw || isContent(value) || value.type === 'finish')
      return { ...result, stream: joinStream(parts, reader) };
  }
}

/** What is wrong with an answer that has had no content yet. */
function flawOf(part: ModelStreamPart | undefined, partCount: number, name: string): { error: unknown } | undefined {
  if (part?.type === 'error') return { error: fieldOf(part, 'error') };
  if (part !== undefined && part.type !== 'finish') return undefined;
  const end = part === undefined ? 'interrupted' : endOf(part);
  if (end === 'interrupted') return { error: new StreamInterruptedError(name, partCount) };
  return end === 'failed' ? { error: new AnswerFailedError(name) } : undefined;
}

/** The parts that were read, and those that are still to come. */
function joinStream(
  parts: ModelStreamPart[],
  reader: ReadableStreamDefaultReader<ModelStreamPart>,
): ReadableStream<ModelStreamPart> {
  return new ReadableStream<ModelStreamPart>(
    {
      async pull(controller) {
        const part = parts.shift() ?? (await reader.read()).value;
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
