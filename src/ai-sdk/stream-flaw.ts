import { EmptyAnswerError } from '../errors/empty-answer-error.ts';
import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { isEmptyGeneration } from '../llm/empty/ai-sdk-result.ts';
import { fieldOf } from '../llm/read-field.ts';
import { AnswerFailedError } from './answer-failed-error.ts';
import { endOf } from './finish-reason.ts';
import type { ModelStreamPart } from './model-types.ts';

/** What is wrong with an answer. */
export interface AnswerFlaw {
  readonly error: unknown;
}

/**
 * What is wrong with a streamed answer, as a part tells it, or as its end does.
 *
 * @param part - Undefined for the end of the stream.
 * @param partCount - How many there were.
 * @param name - Name of the circuit.
 */
export function flawOf(part: ModelStreamPart | undefined, partCount: number, name: string): AnswerFlaw | undefined {
  if (part?.type === 'error') return { error: fieldOf(part, 'error') };
  if (part !== undefined && part.type !== 'finish') return undefined;
  const end = part === undefined ? 'interrupted' : endOf(part);
  if (end === 'interrupted') return { error: new StreamInterruptedError(name, partCount) };
  return end === 'failed' ? { error: new AnswerFailedError(name) } : undefined;
}

/**
 * What is wrong with a whole answer: the model gave up, or it says nothing.
 *
 * @param answer - A result of `doGenerate`, or what a stream amounts to.
 * @param name - Name of the circuit.
 */
export function flawOfWhole(answer: unknown, name: string): AnswerFlaw | undefined {
  if (endOf(answer) === 'failed') return { error: new AnswerFailedError(name) };
  return isEmptyGeneration(answer) === true ? { error: new EmptyAnswerError(name) } : undefined;
}
