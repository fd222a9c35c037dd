import type { Call } from './call.ts';
import type { StreamEvents } from './dialect.ts';
import type { StreamErrorFault } from './fault.ts';
import { type MidAnswerFault, resetOnceRead, toFailure } from './mid-answer-fault.ts';

/**
 * Streams a good answer.
 * @param delayMs wait between the headers and the first event
 * @param chunkDelayMs wait before each later event
 */
export async function sendStream(call: Call, delayMs: number, chunkDelayMs: number): Promise<void> {
  const { opening, pieces, closing } = call.dialect.toStream(call.question, call.pieces);
  startStream(call);
  let waitMs = delayMs;
  for (const event of [...opening, ...pieces, ...closing]) {
    if (waitMs > 0) await call.writer.wait(waitMs);
    call.writer.write(event);
    waitMs = chunkDelayMs;
  }
  call.writer.end();
}

/** Streams the beginning of an answer, then fails. */
export async function breakStream(call: Call, fault: MidAnswerFault): Promise<void> {
  const { writer } = call;
  startStream(call);
  if (fault.kind === 'noFirstToken') return;

  const events = call.dialect.toStream(call.question, call.pieces);
  for (const event of takeBeginning(events, fault.afterChunks)) writer.write(event);
  switch (fault.kind) {
    case 'stall':
      return;
    case 'cutOff':
      return fault.abrupt ? resetOnceRead(writer) : writer.end();
    case 'streamError':
      writer.write(toErrorEvent(call, fault));
      return writer.end();
  }
}

function startStream({ dialect, requestId, writer }: Call): void {
  writer.start(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    [dialect.requestIdHeader]: requestId,
  });
}

function takeBeginning(events: StreamEvents, pieceCount: number): readonly string[] {
  return pieceCount === 0 ? [] : [...events.opening, ...events.pieces.slice(0, pieceCount)];
}

function toErrorEvent({ dialect, requestId }: Call, fault: StreamErrorFault): string {
  const failure = toFailure(fault, dialect.streamFailureStatus);
  return dialect.toErrorEvent(dialect.toError(failure, requestId));
}
