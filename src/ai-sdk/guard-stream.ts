import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { Permit } from '../calls/permit.ts';
import { toReadableStream, watchStream } from '../calls/watch-stream.ts';
import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import { AnswerFailedError } from './answer-failed-error.ts';
import { endOf } from './finish-reason.ts';
import type { ModelCallParams, ModelStreamPart, ModelStreamResult, StreamLimits } from './model-types.ts';
import { PartSource } from './part-source.ts';
import { PartsInOrder } from './parts-in-order.ts';
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
  breaker: CircuitBreaker,
  model: StreamingModel<Params, Streamed>,
  params: Params,
  limits: StreamLimits,
): Promise<Streamed> {
  const { abortSignal: signal } = params;
  if (signal?.aborted) throw signal.reason;
  const permit = breaker.acquire();
  const source = new PartSource<Streamed>({
    open: (own) => model.doStream({ ...params, abortSignal: own }),
    onPart: settleByParts(permit, breaker.name),
    signal,
  });
  const { firstItemTimeout, idleTimeout } = limits;
  const watch = { name: breaker.name, signal, firstItemTimeout, idleTimeout };
  const parts = watchStream(source, permit, { ...watch, isComplete: ({ type }) => type === 'finish' });
  // The clock of the first content runs from the call on, whether or not somebody reads.
  const firstContent = parts.next();
  const result = await Promise.race([source.opened, firstContent.then(() => source.opened)]);
  return { ...result, stream: toReadableStream(new PartsInOrder(parts, firstContent, source)) };
}

/** Settles a permit as soon as a part tells how the answer ended. */
function settleByParts(permit: Permit, name: string): (part: ModelStreamPart) => void {
  const answer = new StreamedAnswer();
  let partCount = 0;
  return (part) => {
    partCount++;
    answer.add(part);
    if (part.type === 'error') permit.fail(fieldOf(part, 'error'));
    if (part.type !== 'finish') return;
    const end = endOf(part);
    if (end === 'failed') permit.fail(new AnswerFailedError(name));
    else if (end === 'interrupted') permit.fail(new StreamInterruptedError(name, partCount));
    else permit.succeed(answer.toResult(part));
  };
}
