import type { Dialect, Question, StreamEvents } from './dialect.ts';
import { toOpenAiError } from './openai-error.ts';

/** OpenAI's responses. */
export const openAiResponsesDialect: Dialect = {
  path: /^\/v1\/responses$/,
  requestIdHeader: 'x-request-id',
  streamFailureStatus: 500,
  toBody: toResponse,
  toStream,
  toError: toOpenAiError,
  toErrorEvent: (error) => toEvent({ type: 'error', ...('error' in error ? { error: error.error } : error) }),
};

function toResponse(question: Question, pieces: readonly string[]): object {
  const text = pieces.join('');
  const message = {
    id: `msg_${question.number}`,
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
  return {
    id: `resp_${question.number}`,
    object: 'response',
    created_at: Math.floor(question.receivedAt / 1000),
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: question.model,
    output: text === '' ? [] : [message],
    usage: {
      input_tokens: question.promptTokens,
      output_tokens: pieces.length,
      total_tokens: question.promptTokens + pieces.length,
    },
  };
}

function toStream(question: Question, pieces: readonly string[]): StreamEvents {
  const place = { item_id: `msg_${question.number}`, output_index: 0, content_index: 0 };
  const created = { ...toResponse(question, []), status: 'in_progress' };
  return {
    opening: [toEvent({ type: 'response.created', sequence_number: 0, response: created })],
    pieces: pieces.map((delta, index) =>
      toEvent({ type: 'response.output_text.delta', sequence_number: index + 1, ...place, delta }),
    ),
    closing: [
      toEvent({
        type: 'response.completed',
        sequence_number: pieces.length + 1,
        response: toResponse(question, pieces),
      }),
    ],
  };
}

function toEvent(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
