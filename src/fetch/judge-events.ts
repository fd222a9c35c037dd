import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { failureToldInBody } from '../llm/told-failure.ts';
import { orTrue } from '../platform/or-true.ts';
import type { Inspection } from './body-inspector.ts';
import { toTold } from './failed-response-error.ts';
import { anthropicMessages } from './formats/anthropic-messages.ts';
import { geminiContents } from './formats/gemini-contents.ts';
import { ollamaChat } from './formats/ollama-chat.ts';
import { openAiChat } from './formats/openai-chat.ts';
import { openAiResponses } from './formats/openai-responses.ts';
import type { StreamFormat } from './formats/stream-format.ts';
import { isPing, type ServerSentEvent } from './read-events.ts';

const formats: readonly StreamFormat[] = [anthropicMessages, openAiResponses, openAiChat, geminiContents, ollamaChat];

/** OpenAI's, and of many that speak otherwise, too. */
const endMark = '[DONE]';

/** Judges a stream by its events. It never throws. */
export interface EventJudge {
  take(event: ServerSentEvent): void;
  readonly isWhole: boolean;
  /** The stream has ended: settles the call. */
  end(): void;
}

/**
 * Judges a stream: a failure if an event of it tells one, or it ends without its last. One of a known format that has said
 * nothing is judged by `failureResult` like the empty answer that it is.
 */
export function judgeEvents({ call, headers, isComplete }: Omit<Inspection, 'status'>): EventJudge {
  let itemCount = 0;
  let format: StreamFormat | undefined;
  let finishReason: string | undefined;
  let isSilent = true;
  let isWhole = false;
  return {
    take(event) {
      // A mark that there is no more is nothing by itself.
      if (event.data !== endMark && !isPing(event)) itemCount++;
      // Once it is known what the stream is and that it says something, most events are not worth being parsed twice.
      const json = isSilent || isTelling(event) ? parse(event.data) : undefined;
      format ??= formats.find(({ isOurs }) => isOurs(json));
      finishReason = format?.finishReasonIn(json) ?? finishReason;
      isSilent &&= format?.saysSomething(json) !== true;
      const told = failureToldInBody(json) ?? (event.event === 'error' ? (json ?? event.data) : undefined);
      if (told !== undefined) call.fail(toTold(told, headers));
      const isEnd = () => event.data === endMark || format?.isEnd(json) === true;
      isWhole ||= isComplete ? orTrue(() => isComplete(event)) : isEnd();
    },
    get isWhole() {
      return isWhole;
    },
    end() {
      // A stream that nobody knows may end anyhow, but not before it has begun.
      const mayEnd = isWhole || (format === undefined && isComplete === undefined);
      if (!mayEnd || itemCount === 0) call.fail(new StreamInterruptedError(call.name, itemCount));
      else if (format && isSilent) call.succeed(format.toEmptyAnswer(finishReason));
      else call.succeed();
    },
  };
}

const tellingWords =
  /"(?:errors?|error_msg|base_resp|success)"|"status"\s*:\s*"error"|"object"\s*:\s*"error"|"(?:finish|done|stop)_?reason"\s*:\s*"|"done"\s*:\s*true|"blockReason"|"type"\s*:\s*"(message_stop|error|response\.(completed|incomplete|failed|cancelled))"/i;

function isTelling({ event, data }: ServerSentEvent): boolean {
  return event === 'error' || tellingWords.test(data);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
