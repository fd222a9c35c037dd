import type { IncomingMessage, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer } from './answer.ts';
import { sendFailure } from './answer-body.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import { type Arrival, type Plan, planResponse, toDialect } from './plan-response.ts';
import type { AnswerKind, ReceivedRequest } from './provider.ts';
import { isStreamWanted, parseBody, splitReply } from './read-question.ts';
import { createResponseWriter } from './response-writer.ts';

/** What the handler needs from the provider it works for. */
export interface RequestHandlerOptions {
  readonly schedule: FaultSchedule;
  /** The text of a good answer. */
  readonly reply: string;
  /** Receives every request that arrived; its `aborted` may still turn true. */
  readonly record: (request: ReceivedRequest) => void;
  /** Whether connections close because the provider stops, so no client is to blame. */
  readonly isStopping: () => boolean;
}

/** Makes the listener that records each request and answers it. */
export function createRequestHandler(options: RequestHandlerOptions): RequestListener {
  const pieces = splitReply(options.reply);
  let requestCount = 0;

  return async (request, response) => {
    const bodyText = await readBody(request);
    if (bodyText === undefined) return;

    requestCount += 1;
    const arrival = toArrival(request, bodyText, requestCount);
    const plan = planResponse(arrival, options.schedule);
    const received = toReceivedRequest(arrival, plan);
    options.record(received);
    const writer = createResponseWriter(response, () => {
      received.aborted = !options.isStopping();
    });

    const exchange = { dialect: toDialect(arrival), requestId: `req_${arrival.number}`, writer };
    if (plan.kind !== 'answer') return sendFailure(exchange, plan.failure);
    return answer({ ...exchange, question: plan.question, pieces }, plan.step);
  };
}

/** Resolves with nothing when the client goes away before all of its request has arrived. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  try {
    return await text(request);
  } catch {
    return undefined;
  }
}

function toArrival(request: IncomingMessage, bodyText: string, number: number): Arrival {
  return {
    number,
    method: request.method ?? '',
    path: (request.url ?? '').replace(/\?.*$/, ''),
    isAnthropic: request.headers['anthropic-version'] !== undefined,
    at: Date.now(),
    body: parseBody(bodyText),
  };
}

function toReceivedRequest(arrival: Arrival, plan: Plan) {
  return {
    method: arrival.method,
    path: arrival.path,
    stream: isStreamWanted(arrival),
    at: arrival.at,
    fault: toAnswerKind(plan),
    body: arrival.body,
    aborted: false,
  };
}

function toAnswerKind(plan: Plan): AnswerKind {
  if (plan.kind !== 'answer') return plan.kind;
  return plan.step === 'ok' ? 'ok' : plan.step.kind;
}
