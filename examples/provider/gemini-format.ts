import type { Dialect, Question, StreamEvents } from './dialect.ts';
import { toGeminiError } from './gemini-error.ts';

/** Google's generateContent, as Gemini's API speaks it. */
export const geminiDialect: Dialect = {
  path: /^\/v1(?:alpha|beta)?\/models\/[^/:]+:(?:streamG|g)enerateContent$/,
  requestIdHeader: 'x-request-id',
  streamFailureStatus: 503,
  toBody: (question, pieces) => toAnswer(question, pieces, 'STOP', pieces.length),
  toStream,
  toError: toGeminiError,
  toErrorEvent: toEvent,
};

function toStream(question: Question, pieces: readonly string[]): StreamEvents {
  return {
    opening: [],
    pieces: pieces.map((text, index) => toEvent(toAnswer(question, [text], undefined, index + 1))),
    closing: [toEvent(toAnswer(question, [], 'STOP', pieces.length))],
  };
}

function toAnswer(
  question: Question,
  pieces: readonly string[],
  finishReason: 'STOP' | undefined,
  tokenCount: number,
): object {
  const parts = pieces.length > 0 ? { parts: [{ text: pieces.join('') }] } : {};
  return {
    candidates: [{ content: { ...parts, role: 'model' }, index: 0, ...(finishReason ? { finishReason } : {}) }],
    usageMetadata: {
      promptTokenCount: question.promptTokens,
      candidatesTokenCount: tokenCount,
      totalTokenCount: question.promptTokens + tokenCount,
    },
    modelVersion: question.model,
    responseId: `gemini-${question.number}`,
  };
}

function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}
