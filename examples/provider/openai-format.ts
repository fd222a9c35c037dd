import type { Dialect, Question, StreamEvents } from './dialect.ts';
import { toOpenAiError } from './openai-error.ts';

/** OpenAI's chat completions. */
export const openAiDialect: Dialect = {
  path: /^\/v1\/chat\/completions$/,
  requestIdHeader: 'x-request-id',
  streamFailureStatus: 500,
  toBody,
  toStream,
  toError: toOpenAiError,
  toErrorEvent: toEvent,
};

function toBody(question: Question, pieces: readonly string[]): object {
  return {
    ...toEnvelope(question, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: pieces.join(''),
          refusal: null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: toUsage(question, pieces),
  };
}

function toStream(question: Question, pieces: readonly string[]): StreamEvents {
  const toChunk = (delta: object, finishReason: 'stop' | null) =>
    toEvent({
      ...toEnvelope(question, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(question.includesUsage ? { usage: null } : {}),
    });

  return {
    opening: [toChunk({ role: 'assistant', content: '', refusal: null }, null)],
    pieces: pieces.map((content) => toChunk({ content }, null)),
    closing: [
      toChunk({}, 'stop'),
      ...(question.includesUsage ? [toUsageEvent(question, pieces)] : []),
      'data: [DONE]\n\n',
    ],
  };
}

function toUsageEvent(question: Question, pieces: readonly string[]): string {
  return toEvent({
    ...toEnvelope(question, 'chat.completion.chunk'),
    choices: [],
    usage: toUsage(question, pieces),
  });
}

function toEnvelope(question: Question, object: string): object {
  return {
    id: `chatcmpl-${question.number}`,
    object,
    created: Math.floor(question.receivedAt / 1000),
    model: question.model,
    service_tier: 'default',
    system_fingerprint: 'fp_failing_on_cue',
  };
}

function toUsage(question: Question, pieces: readonly string[]): object {
  return {
    prompt_tokens: question.promptTokens,
    completion_tokens: pieces.length,
    total_tokens: question.promptTokens + pieces.length,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
