import { isEmptyGeneration } from './empty/ai-sdk-result.ts';
import { isEmptyMessage } from './empty/anthropic-message.ts';
import { isEmptyGeminiContent } from './empty/gemini-content.ts';
import { isEmptyAiMessage } from './empty/langchain-message.ts';
import { isEmptyCompletion } from './empty/openai-completion.ts';
import { isEmptyResponse } from './empty/openai-response.ts';

const formats = [
  isEmptyCompletion,
  isEmptyResponse,
  isEmptyMessage,
  isEmptyGeneration,
  isEmptyAiMessage,
  isEmptyGeminiContent,
] as const;

/**
 * Tells whether a result is a finished answer that says nothing: every field of it is known, and blank. Thoughts alone say
 * nothing; an image does, and so does whatever a vendor may add.
 * An answer that was refused, filtered or cut short at its limit of tokens is none, nor is anything whose format is not
 * known.
 *
 * @param result - What a call returned.
 * @example
 * ```ts
 * isEmptyAnswer({ object: 'chat.completion', choices: [{ finish_reason: 'stop', message: { content: '' } }] }); // true
 * ```
 */
export function isEmptyAnswer(result: unknown): boolean {
  try {
    return formats.map((isEmpty) => isEmpty(result)).find((answer) => answer !== undefined) ?? false;
  } catch {
    // Proxies that cannot be looked into.
    return false;
  }
}
