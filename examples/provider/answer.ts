import { breakBody, sendBody, sendStatus } from './answer-body.ts';
import { breakStream, sendStream } from './answer-stream.ts';
import type { Call } from './call.ts';
import type { ScriptStep } from './fault.ts';

/** Answers a call as the script says; resolves once there is nothing left to send. */
export async function answer(call: Call, step: ScriptStep): Promise<void> {
  if (step === 'ok') return sendAnswer(call);
  switch (step.kind) {
    case 'status':
      return sendStatus(call, step);
    case 'connectionReset':
      return call.writer.reset();
    case 'slowHeaders':
      await call.writer.wait(step.delayMs);
      return sendAnswer(call);
    case 'noHeaders':
      return;
    case 'empty':
      return sendAnswer({ ...call, pieces: [] });
    case 'slow':
      return sendAnswer(call, step.delayMs, step.chunkDelayMs);
    case 'noFirstToken':
    case 'stall':
    case 'cutOff':
    case 'streamError':
      return call.question.stream ? breakStream(call, step) : breakBody(call, step);
  }
}

function sendAnswer(call: Call, delayMs = 0, chunkDelayMs = 0): Promise<void> {
  return call.question.stream ? sendStream(call, delayMs, chunkDelayMs) : sendBody(call, delayMs);
}
