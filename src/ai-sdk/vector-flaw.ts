import { EmptyAnswerError } from '../errors/empty-answer-error.ts';
import { fieldOf, isArray } from '../llm/read-field.ts';
import type { AnswerFlaw } from './stream-flaw.ts';

/**
 * What is wrong with the answer of an embedding model: there is not a vector for each value.
 *
 * @param params - What was asked.
 * @param name - Name of the circuit.
 * @returns undefined for a whole answer, and for those of other kinds of models.
 */
export function flawOfVectors(params: unknown, answer: unknown, name: string): AnswerFlaw | undefined {
  const [wanted, given] = [lengthOf(fieldOf(params, 'values')), lengthOf(fieldOf(answer, 'embeddings'))];
  return wanted !== undefined && given !== undefined && given < wanted
    ? { error: new EmptyAnswerError(name) }
    : undefined;
}

function lengthOf(list: unknown): number | undefined {
  return isArray(list) ? Number(fieldOf(list, 'length')) : undefined;
}
