import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import { orTrue } from '../platform/or-true.ts';
import type { BodyInspector, Inspection } from './body-inspector.ts';
import { toTold } from './failed-response-error.ts';
import { anthropicMessages } from './formats/anthropic-messages.ts';
import { geminiContents } from './formats/gemini-contents.ts';
import { openAiChat } from './formats/openai-chat.ts';
import { openAiResponses } from './formats/openai-responses.ts';
import type { StreamFormat } from './formats/stream-format.ts';
import { EventReader, type ServerSentEvent } from './read-events.ts';

const formats: readonly StreamFormat[] = [anthropicMessages, openAiResponses, openAiChat, geminiContents];

/**
 * Looks at a stream of server-sent events: a failure if it tells an error or ends without its last event. One of a known
 * format that has said nothing is judged by `failureResult` like the empty answer that it is.
 */
export function inspectEvents({ call, headers, isComplete }: Inspection): BodyInspector {
  let itemCount = 0;
  let format: StreamFormat | undefined;
  let finishReason: string | undefined;
  let isSilent = true;
  let isWhole = false;
  const reader = new EventReader((event) => {
    itemCount++;
    // Once it is known what the stream is and that it says something, most events are not worth being parsed twice.
    const json = isSilent || isTelling(event) ? parse(event.data) : undefined;
    format ??= formats.find(({ isOurs }) => isOurs(json));
    finishReason = format?.finishReasonIn(json) ?? finishReason;
    isSilent &&= format?.saysSomething(json) !== true;
    if (tellsError(event, json)) call.fail(toTold(json ?? event.data, headers));
    isWhole ||= isComplete ? orTrue(() => isComplete(event)) : format?.isEnd(json, event.data) === true;
  });
  return {
    take: (chunk) => reader.take(chunk),
    get isWhole() {
      return isWhole;
    },
    end() {
      reader.end();
      // A stream that nobody knows may end anyhow, but not before it has begun.
      const mayEnd = isWhole || (itemCount > 0 && format === undefined && isComplete === undefined);
      if (!mayEnd) call.fail(new StreamInterruptedError(call.name, itemCount));
      else if (format && isSilent) call.succeed(format.toEmptyAnswer(finishReason));
      else call.succeed();
    },
  };
}

const tellingWords =
  /"error"|"finish_?reason"\s*:\s*"|"blockReason"|"type"\s*:\s*"(message_stop|error|response\.(completed|incomplete|failed|cancelled))"/i;

function isTelling({ event, data }: ServerSentEvent): boolean {
  return event === 'error' || tellingWords.test(data);
}

/** `event: error`, an `error` in its data, or a response of OpenAI's that failed. */
function tellsError({ event }: ServerSentEvent, json: unknown): boolean {
  const error = fieldOf(json, 'error');
  const type = fieldOf(json, 'type');
  const isTold = typeof error === 'object' && error !== null;
  return event === 'error' || isTold || type === 'error' || type === 'response.failed';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
