import { toAnthropicError } from './anthropic-error.ts';
import type { Dialect, Question, StreamEvents } from './dialect.ts';

interface NamedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Anthropic's messages. */
export const anthropicDialect: Dialect = {
  path: /^\/v1\/messages$/,
  requestIdHeader: 'request-id',
  streamFailureStatus: 529,
  toBody,
  toStream,
  toError: toAnthropicError,
  toErrorEvent: (error) => toEvent({ ...error, type: 'error' }),
};

function toBody(question: Question, pieces: readonly string[]): object {
  const text = pieces.join('');
  return toMessage(question, {
    content: text === '' ? [] : [{ type: 'text', text, citations: null }],
    stopReason: 'end_turn',
    outputTokens: pieces.length,
  });
}

function toStream(question: Question, pieces: readonly string[]): StreamEvents {
  const message = toMessage(question, { content: [], stopReason: null, outputTokens: 1 });
  const start = toEvent({ type: 'message_start', message });
  const ping = toEvent({ type: 'ping' });
  const closing = [toMessageDelta(question, pieces.length), toEvent({ type: 'message_stop' })];
  if (pieces.length === 0) return { opening: [start, ping], pieces: [], closing };

  const block = { type: 'text', text: '', citations: null };
  return {
    opening: [start, toEvent({ type: 'content_block_start', index: 0, content_block: block }), ping],
    pieces: pieces.map((text) =>
      toEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    ),
    closing: [toEvent({ type: 'content_block_stop', index: 0 }), ...closing],
  };
}

interface MessageParts {
  readonly content: readonly object[];
  readonly stopReason: 'end_turn' | null;
  readonly outputTokens: number;
}

function toMessage(question: Question, parts: MessageParts): object {
  return {
    id: `msg_${question.number}`,
    type: 'message',
    role: 'assistant',
    model: question.model,
    content: parts.content,
    stop_reason: parts.stopReason,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: {
      ...toCounts(question, parts.outputTokens),
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      inference_geo: null,
      service_tier: 'standard',
      speed: null,
    },
  };
}

function toMessageDelta(question: Question, outputTokens: number): string {
  return toEvent({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
    usage: toCounts(question, outputTokens),
  });
}

function toCounts(question: Question, outputTokens: number): object {
  return {
    input_tokens: question.promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    output_tokens_details: null,
    server_tool_use: null,
  };
}

function toEvent(data: NamedEvent): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
