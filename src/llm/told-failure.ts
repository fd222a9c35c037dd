import { isAbsent } from './empty/content-parts.ts';
import { codeOfFinishReason } from './failing-finish-reasons.ts';
import { codeOfMiniMax } from './minimax-codes.ts';
import { entriesOf, fieldAt, fieldOf, hasField, isArray, textOf } from './read-field.ts';

/** An answer that is about something else, such as a job, may tell what became of that. */
const answers = /^(?:chat\.completion|text_completion|response$|error$|list$|embedding|image)/;

type Tell = (answer: unknown) => unknown;

/** Where answers tell that they failed; each gives what tells it, or undefined. */
const places: readonly Tell[] = [
  inEnvelope,
  inChoices,
  inFinishReason,
  // MiniMax.
  (answer) => {
    const code = codeOfMiniMax(fieldAt(answer, 'base_resp', 'status_code'));
    return code && { error: { code, message: textOf(fieldOf(answer, 'base_resp'), 'status_msg') } };
  },
  inList,
  // Baidu.
  (answer) => {
    const code = fieldOf(answer, 'error_code');
    return textOf(answer, 'error_msg') && typeof code === 'number' && code !== 0 ? { error: answer } : undefined;
  },
];

/**
 * Finds what a successful answer, or a part of one that is streamed, tells of a failure: in its envelope, its choices or
 * its finish reason, as the vendors tell it.
 *
 * @returns What to judge by {@link classifyModelError}; undefined where nothing failed.
 */
export function failureToldIn(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  for (const tell of places) {
    const told = tell(answer);
    if (told) return told;
  }
  return undefined;
}

/** The same, of a body or an event that may be a list of answers: Google streams one, unless it is asked for events. */
export function failureToldInBody(body: unknown): unknown {
  if (!isArray(body)) return failureToldIn(body);
  return entriesOf(body, 1_000)
    .map(failureToldIn)
    .find((told) => told !== undefined);
}

/** The failure of which is known only that there was one. */
export function unknownFailure(finishReason: string, code = 'answer_failed'): object {
  return { error: { code, message: `The answer ended with the finish reason "${finishReason}".` } };
}

function inEnvelope(answer: unknown): unknown {
  const type = fieldOf(answer, 'type');
  const object = fieldOf(answer, 'object');
  if (type === 'error' || object === 'error') return answer;
  // OpenAI's responses tell it one level deeper in their streams.
  if (type === 'response.failed')
    return {
      error: fieldAt(answer, 'response', 'error') ?? { code: 'answer_failed', message: 'The response failed.' },
    };
  if (typeof object === 'string' && !answers.test(object)) return undefined;
  const error = fieldOf(answer, 'error');
  if (typeof error === 'string') return error.trim() !== '' && isWithoutData(answer) ? answer : undefined;
  if (typeof error === 'object' && error !== null && !isAbsent(error)) return answer;
  return object === 'response' && fieldOf(answer, 'status') === 'failed' ? unknownFailure('failed') : undefined;
}

/** A text named `error` beside data is the caller's own affair. */
function isWithoutData(answer: unknown): boolean {
  return ['data', 'result', 'output', 'content', 'choices'].every((field) => (fieldOf(answer, field) ?? null) === null);
}

/** Cloudflare, GraphQL; Zhipu, and all who say in words that it was no success. */
function inList(answer: unknown): unknown {
  const isList = !isAbsent(fieldOf(answer, 'errors')) && isArray(fieldOf(answer, 'errors'));
  const isFailed = fieldOf(answer, 'success') === false || fieldOf(answer, 'status') === 'error';
  const isSaid = isList || [textOf(answer, 'msg'), textOf(answer, 'message')].some(Boolean);
  if (!(isFailed ? isSaid : isList && typeof fieldOf(answer, 'object') !== 'string')) return undefined;
  return isWithoutData(answer) || fieldOf(answer, 'success') === false ? answer : undefined;
}

function inChoices(answer: unknown): unknown {
  for (const choice of entriesOf(fieldOf(answer, 'choices'))) {
    const error = fieldOf(choice, 'error');
    if ((typeof error === 'object' && error !== null) || (typeof error === 'string' && error !== '')) return { error };
    const told = byReason(fieldOf(choice, 'finish_reason'));
    if (told) return told;
  }
  return undefined;
}

/** Cohere's answers, Anthropic's, LangChain's messages, the AI SDK's results. */
function inFinishReason(answer: unknown): unknown {
  // The end of a stream of Anthropic's or Cohere's has it among what changes.
  for (const place of [answer, fieldOf(answer, 'delta')])
    for (const field of ['finish_reason', 'stop_reason', 'done_reason']) {
      const told = byReason(fieldOf(place, field));
      if (told) return told;
    }
  const metadata = fieldOf(answer, 'response_metadata');
  if (metadata) return byReason(fieldOf(metadata, 'finish_reason')) ?? byReason(fieldOf(metadata, 'stop_reason'));
  // Reading a property of a stream of the AI SDK's starts reading the stream.
  const isStream = ['fullStream', 'textStream', 'stream'].some((name) => hasField(answer, name));
  if (isStream || !hasField(answer, 'finishReason') || !isArray(fieldOf(answer, 'content'))) return undefined;
  const reason = fieldOf(answer, 'finishReason');
  if (typeof reason !== 'object') return byReason(fieldOf(answer, 'rawFinishReason')) ?? byReason(reason);
  return byReason(fieldOf(reason, 'raw')) ?? byReason(fieldOf(reason, 'unified'));
}

function byReason(reason: unknown): unknown {
  const code = codeOfFinishReason(reason);
  return code && unknownFailure(String(reason), code);
}
