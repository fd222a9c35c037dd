import { anthropicDialect } from './anthropic-format.ts';
import type { Dialect, Failure, Question } from './dialect.ts';
import type { ScriptStep } from './fault.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import { geminiDialect } from './gemini-format.ts';
import { openAiDialect } from './openai-format.ts';
import { openAiResponsesDialect } from './openai-responses-format.ts';
import { readQuestion } from './read-question.ts';

const dialects = [openAiDialect, openAiResponsesDialect, anthropicDialect, geminiDialect] as const;

/** A request as it arrived. */
export interface Arrival {
  /** Number of the request, from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Whether an Anthropic client sent it, wherever it went. */
  readonly isAnthropic: boolean;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
  readonly body: unknown;
}

/** What a request gets. */
export type Plan =
  | { readonly kind: 'answer'; readonly question: Question; readonly step: ScriptStep }
  | { readonly kind: 'unknownPath' | 'invalidBody'; readonly failure: Failure };

/** Decides what a request gets; only one that could be answered takes a step of the schedule. */
export function planResponse(arrival: Arrival, schedule: FaultSchedule): Plan {
  if (arrival.method !== 'POST' || findDialect(arrival.path) === undefined) {
    return { kind: 'unknownPath', failure: toUnknownPath(arrival) };
  }
  const question = readQuestion(arrival);
  if (question === undefined) {
    const message = 'The body must be a JSON object that names a model.';
    return { kind: 'invalidBody', failure: { status: 400, message } };
  }
  return { kind: 'answer', question, step: schedule.next() };
}

/** Finds the dialect to answer in: the endpoint's, else that of the client. */
export function toDialect(arrival: Arrival): Dialect {
  return findDialect(arrival.path) ?? (arrival.isAnthropic ? anthropicDialect : openAiDialect);
}

function findDialect(path: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.path.test(path));
}

function toUnknownPath({ method, path, isAnthropic }: Arrival): Failure {
  const message = isAnthropic ? `Not found: ${path}` : `Invalid URL (${method} ${path})`;
  // The null keeps OpenAI's usual 404, an unknown model, from being named.
  return { status: 404, code: null, message };
}
