import { HeldSize } from '../breaker/held-size.ts';
import type { ModelStreamPart, ModelStreamResult } from './model-types.ts';
import { flawOf, flawOfWhole } from './stream-flaw.ts';
import { isContent, StreamedAnswer } from './streamed-answer.ts';
import { type StreamFollower, toWholeStream } from './whole-stream.ts';

/** What is known about the model that has answered, and who hears what becomes of its answer. */
export interface StreamJudge extends StreamFollower {
  /** Whether the call goes on, with this model or another one, if this one fails with an error. */
  goesOnAfter(error: unknown): boolean;
}

/** When the answer of a model is handed on. */
export interface CommitOptions {
  /**
   * Until when another model can take the place of one that fails while it streams. `firstContent`: until its first
   * content arrives, which is handed on at once. `end`: until its answer is whole, which is handed on then.
   * @default 'firstContent'
   */
  readonly commit?: 'firstContent' | 'end' | undefined;
  /**
   * How many bytes of a stream are held back at most, about, before it fails with a RangeError; 1 to 2147483647.
   * @default 16777216 (16 MB)
   */
  readonly maxHeldBytes?: number | undefined;
}

/**
 * Reads a stream until it is committed, so that another model can still take its place.
 *
 * @returns The model's own result with all of its parts; what breaks off from there on is passed on as an error part.
 * @throws What went wrong before that, where the call goes on after it, or the stream threw.
 */
export async function commitStream<Streamed extends ModelStreamResult>(
  result: Streamed,
  judge: StreamJudge,
  { commit, maxHeldBytes }: CommitOptions = {},
): Promise<Streamed> {
  const reader = result.stream.getReader();
  const parts: ModelStreamPart[] = [];
  const answer = new StreamedAnswer();
  const size = new HeldSize(maxHeldBytes);
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) parts.push(value);
    if (value) answer.add(value);
    const flaw =
      flawOf(value, parts.length, judge.name) ??
      (value?.type === 'finish' ? flawOfWhole(answer.toResult(value), judge.name) : undefined);
    try {
      if (flaw && judge.goesOnAfter(flaw.error)) throw flaw.error;
      if (done || flaw || value.type === 'finish' || (isContent(value) && commit !== 'end'))
        return { ...result, stream: toWholeStream(parts, reader, judge) };
      size.add(value);
    } catch (error) {
      reader.cancel().catch(() => {});
      throw error;
    }
  }
}
