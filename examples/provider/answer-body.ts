import type { Call, Exchange } from './call.ts';
import type { Failure } from './dialect.ts';
import type { StatusFault } from './fault.ts';
import { type MidAnswerFault, resetOnceRead, toFailure } from './mid-answer-fault.ts';

type HeaderFields = Readonly<Record<string, string>>;

/**
 * Sends a good answer in one piece.
 * @param delayMs wait before the headers
 */
export async function sendBody(call: Call, delayMs: number): Promise<void> {
  if (delayMs > 0) await call.writer.wait(delayMs);
  sendText(call, 200, JSON.stringify(call.dialect.toBody(call.question, call.pieces)), {});
}

/** Sends an error in the vendor's words. */
export function sendFailure(exchange: Exchange, failure: Failure): void {
  const body = exchange.dialect.toError(failure, exchange.requestId);
  sendText(exchange, failure.status, JSON.stringify(body), {});
}

/** Sends a status with the vendor's error, or with the body the fault brings along. */
export function sendStatus(call: Call, fault: StatusFault): void {
  const { headers = {} } = fault;
  if (typeof fault.body === 'string') {
    sendText(call, fault.status, fault.body, { 'content-type': 'text/plain', ...headers });
  } else {
    const body = fault.body ?? call.dialect.toError(fault, call.requestId);
    sendText(call, fault.status, JSON.stringify(body), headers);
  }
}

/** Sends half of an answer, then fails; an error that has no stream to be in becomes a status. */
export async function breakBody(call: Call, fault: MidAnswerFault): Promise<void> {
  if (fault.kind === 'streamError') return sendFailure(call, toFailure(fault, 500));

  const { writer } = call;
  const body = Buffer.from(JSON.stringify(call.dialect.toBody(call.question, call.pieces)));
  startBody(call, 200, body.length, {});
  writer.write(body.subarray(0, Math.floor(body.length / 2)));
  if (fault.kind === 'cutOff') return fault.abrupt ? resetOnceRead(writer) : writer.close();
}

function sendText(exchange: Exchange, status: number, text: string, headers: HeaderFields): void {
  startBody(exchange, status, Buffer.byteLength(text), headers);
  exchange.writer.write(text);
  exchange.writer.end();
}

function startBody(
  { dialect, requestId, writer }: Exchange,
  status: number,
  length: number,
  headers: HeaderFields,
): void {
  const all = new Headers({
    'content-type': 'application/json',
    'content-length': String(length),
    [dialect.requestIdHeader]: requestId,
  });
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  writer.start(status, Object.fromEntries(all));
}
