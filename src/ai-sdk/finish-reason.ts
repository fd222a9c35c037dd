import { codeOfFinishReason } from '../llm/failing-finish-reasons.ts';
import { fieldOf } from '../llm/read-field.ts';

/** How an answer came to its end: `whole`, or what is wrong with it. */
export type AnswerEnd = 'whole' | 'failed' | 'interrupted';

/**
 * Reads how an answer came to its end. Why a model stopped is of no interest, be it a filter or a limit, but for these
 * two: it reports an error, or the provider's stream broke off. Providers that have no word for the latter leave the
 * reason as they began it, without one by the vendor.
 *
 * @param answer - A result of `doGenerate`, or the part `finish` of a stream.
 */
export function endOf(answer: unknown): AnswerEnd {
  const reason = fieldOf(answer, 'finishReason');
  const unified = typeof reason === 'object' ? fieldOf(reason, 'unified') : reason;
  const raw = fieldOf(reason, 'raw');
  if (unified === 'error' || (unified !== 'stop' && codeOfFinishReason(raw))) return 'failed';
  const isUnknown = unified === 'unknown' || (unified === 'other' && raw === undefined);
  return unified === 'interrupted' || isUnknown ? 'interrupted' : 'whole';
}
