import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { failureToldInBody } from '../llm/told-failure.ts';
import type { BodyInspector, Inspection } from './body-inspector.ts';
import { toTold } from './failed-response-error.ts';
import { judgeEvents } from './judge-events.ts';

/** Longer answers are not parsed, but taken for good ones. In characters. */
const longestAnswer = 1_000_000;

/**
 * Looks at an answer in one piece: a failure if it tells one or is broken; else `failureResult` judges it.
 *
 * @param mayBeText - Whether it need not be JSON.
 */
export function inspectAnswer(inspection: Inspection, mayBeText: boolean): BodyInspector {
  const { call } = inspection;
  const decoder = new TextDecoder();
  let text: string | undefined = '';
  const add = (more: string) => {
    if (text !== undefined) text = text.length + more.length > longestAnswer ? undefined : text + more;
    return more.trim() !== '';
  };
  return {
    take: (chunk) => add(decoder.decode(chunk, { stream: true })),
    isWhole: false,
    end() {
      add(decoder.decode());
      if (text === undefined) call.succeed();
      else if (text.trim() === '') endWithout(inspection, mayBeText);
      else judgeText(text, inspection, mayBeText);
    },
  };
}

/** Only statuses that promise an answer are broken without. */
function endWithout({ call, status }: Inspection, mayBeText: boolean): void {
  if (status === 200 && !mayBeText) call.fail(new StreamInterruptedError(call.name, 0));
  else call.succeed();
}

function judgeText(text: string, inspection: Inspection, mayBeText: boolean): void {
  const { call, headers } = inspection;
  try {
    const answer: unknown = JSON.parse(text);
    const told = failureToldInBody(answer);
    if (told === undefined) call.succeed(answer);
    else call.fail(toTold(told, headers));
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length > 1 && lines.every(isJson)) judgeLines(lines, inspection);
    else if (mayBeText) call.succeed();
    else call.fail(error);
  }
}

function judgeLines(lines: readonly string[], { call, headers }: Inspection): void {
  const judge = judgeEvents({ call, headers, isComplete: undefined });
  for (const data of lines) judge.take({ event: 'message', data });
  judge.end();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
