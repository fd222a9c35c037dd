import type { Question } from './dialect.ts';

/**
 * Reads the question from a request's body.
 * @returns the question, or `undefined` when the body is no object or names no model
 */
export function readQuestion(body: unknown, requestNumber: number, receivedAt: number): Question | undefined {
  if (!isRecord(body) || typeof body.model !== 'string') return undefined;
  const streamOptions = body.stream_options;
  return {
    number: requestNumber,
    model: body.model,
    stream: isStreamWanted(body),
    includesUsage: isRecord(streamOptions) && streamOptions.include_usage === true,
    promptTokens: countTokens(JSON.stringify([body.system, body.messages])),
    receivedAt,
  };
}

/** Tells whether a request's body asks for a stream. */
export function isStreamWanted(body: unknown): boolean {
  return isRecord(body) && body.stream === true;
}

/** Parses JSON; text that is none comes back as it is. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Splits a text into words, each with the space before it, as a model's tokens come. */
export function splitReply(reply: string): readonly string[] {
  return reply.match(/\s*\S+|\s+$/g) ?? [];
}

function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
