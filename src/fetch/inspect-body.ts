import { fieldOf } from '../llm/read-field.ts';
import type { BodyInspector, Inspection } from './body-inspector.ts';
import { toTold } from './failed-response-error.ts';
import { inspectEvents } from './inspect-events.ts';

/** Longer answers are not parsed, but taken for good ones. In characters. */
const longestAnswer = 1_000_000;

/** The inspector for a body of a media type. */
export function createInspector(mediaType: string, inspection: Inspection): BodyInspector {
  if (mediaType === 'text/event-stream') return inspectEvents(inspection);
  if (/^application\/(.+\+)?json$/.test(mediaType)) return inspectAnswer(inspection);
  return { take() {}, isWhole: false, end: () => inspection.call.succeed() };
}

/** An answer in one piece: a failure if it tells one or is broken; else `failureResult` judges it. */
function inspectAnswer({ call, headers }: Inspection): BodyInspector {
  const decoder = new TextDecoder();
  let text: string | undefined = '';
  const add = (more: string) => {
    if (text !== undefined) text = text.length + more.length > longestAnswer ? undefined : text + more;
  };
  return {
    take: (chunk) => add(decoder.decode(chunk, { stream: true })),
    isWhole: false,
    end() {
      add(decoder.decode());
      if (text === undefined || text === '') {
        call.succeed();
        return;
      }
      try {
        const answer: unknown = JSON.parse(text);
        const error = fieldOf(answer, 'error');
        if (typeof error === 'object' && error !== null) call.fail(toTold(answer, headers));
        else call.succeed(answer);
      } catch (error) {
        call.fail(error);
      }
    },
  };
}
