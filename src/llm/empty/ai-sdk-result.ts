import { fieldOf, hasField, isArray } from '../read-field.ts';
import type { IsEmptyAnswer } from './answer-format.ts';
import { isSilent } from './content-parts.ts';

/**
 * What the AI SDK's `generateText` returns, and what one of its models does (`doGenerate`). A result of `streamText` is
 * left alone: reading a property of it starts reading the stream.
 */
export const isEmptyGeneration: IsEmptyAnswer = (result) => {
  const isStream = ['fullStream', 'textStream', 'stream'].some((name) => hasField(result, name));
  if (isStream || !hasField(result, 'finishReason')) return undefined;
  const content = fieldOf(result, 'content');
  if (!isArray(content)) return undefined;
  const reason = fieldOf(result, 'finishReason');
  return (typeof reason === 'object' ? fieldOf(reason, 'unified') : reason) === 'stop' && isSilent(content);
};
