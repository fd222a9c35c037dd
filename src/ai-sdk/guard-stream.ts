import { admitCall } from '../breaker/admit-call.ts';
import type { Breaker } from '../breaker/breaker.ts';
import type { CallHandle } from '../calls/call-handle.ts';
import { watchStream } from '../calls/watch-stream.ts';
import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import { AnswerFailedError } from './answer-failed-error.ts';
import { endOf } from './finish-reason.ts';
import type { ModelCallParams, ModelStreamPart, ModelStreamResult, StreamLimits } from './model-types.ts';
import { PartSource } from './part-source.ts';
import { PartsInOrder } from './parts-in-order.ts';
import { toReadableStream } from './readable-stream.ts';
import { StreamedAnswer } from './streamed-answer.ts';

/** A model that can be asked for a stream. */
interface StreamingModel<Params, Streamed> {
  doStream(params: Params): PromiseLike<Streamed>;
}

/**
 * Asks a model for a stream, unless the circuit rejects. Its parts pass through unchanged; the outcome is told by those
 * of type `finish` and `error`, or by how the stream breaks off, stalls or is given up.
 *
 * @returns The model's own result with the watched stream in it.
 */
export async function guardStream<Params extends ModelCallParams, Streamed extends ModelStreamResult>(
  breaker: Breaker,
  model: StreamingModel<Params, Streamed>,
  params: Params,
  limits: StreamLimits,
): Promise<Streamed> {
  const { abortSignal: signal } = params;
  const call = admitCall(breaker, [signal]);
  const source = new PartSource<Streamed>({
    open: (own) => model.doStream({ ...params, abortSignal: own }),
    onPart: settleByParts(call),
    signal,
  });
  const { firstItemTimeout, idleTimeout } = limits;
  const isComplete = ({ type }: ModelStreamPart) => type === 'finish';
  const parts = watchStream(source, call, { signal, firstItemTimeout, idleTimeout, isComplete });
  // The clock of the first content runs from the call on, whether or not somebody reads.
  const firstContent = parts.next();
  const result = await Promise.race([source.opened, firstContent.then(() => source.opened)]);
  return { ...result, stream: toReadableStream(new PartsInOrder(parts, firstContent, source)) };
}

/** Settles a call as soon as a part tells how the answer ended. */
function settleByParts(call: CallHandle): (part: ModelStreamPart) => void {
  const answer = new StreamedAnswer();
  let partCount = 0;
  return (part) => {
    partCount++;
    answer.add(part);
    if (part.type === 'error') call.fail(fieldOf(part, 'error'));
    if (part.type !== 'finish') return;
    const end = endOf(part);
    if (end === 'failed') call.fail(new AnswerFailedError(call.name));
    else if (end === 'interrupted') call.fail(new StreamInterruptedError(call.name, partCount));
    else call.succeed(answer.toResult(part));
  };
}
