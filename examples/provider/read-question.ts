import type { Question } from './dialect.ts';

/** Where a question can be read: Google's paths say what the bodies of the others do. */
interface Asked {
  /** Number of the request, from 1. */
  readonly number: number;
  readonly path: string;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
  readonly body: unknown;
}

/**
 * Reads the question from a request.
 * @returns the question, or `undefined` when the body is no object or no model is named
 */
export function readQuestion(asked: Asked): Question | undefined {
  const { body } = asked;
  if (!isRecord(body)) return undefined;
  const model = body.model ?? /\/models\/([^/:]+):/.exec(asked.path)?.[1];
  if (typeof model !== 'string') return undefined;
  const streamOptions = body.stream_options;
  return {
    number: asked.number,
    model,
    stream: isStreamWanted(asked),
    includesUsage: isRecord(streamOptions) && streamOptions.include_usage === true,
    promptTokens: countTokens(JSON.stringify([body.system, body.messages ?? body.input ?? body.contents])),
    receivedAt: asked.at,
  };
}

/** Tells whether a request asks for a stream. */
export function isStreamWanted({ body, path }: Pick<Asked, 'body' | 'path'>): boolean {
  return path.endsWith(':streamGenerateContent') || (isRecord(body) && body.stream === true);
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
