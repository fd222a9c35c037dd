import type { Failure } from './dialect.ts';
import type { CutOffFault, NoFirstTokenFault, StallFault, StreamErrorFault } from './fault.ts';
import type { ResponseWriter } from './response-writer.ts';

/** Faults that strike inside an answer. */
export type MidAnswerFault = NoFirstTokenFault | StallFault | CutOffFault | StreamErrorFault;

/**
 * How long a client may read before its connection is reset, in milliseconds: with the reset it
 * drops all that it has received but not read.
 */
const readingTimeMs = 50;

/** Resets the connection after the client has had time to read what was sent. */
export async function resetOnceRead(writer: ResponseWriter): Promise<void> {
  await writer.wait(readingTimeMs);
  writer.reset();
}

/**
 * Reads the error out of a fault.
 * @param status the status that decides what the fault leaves open
 */
export function toFailure(fault: StreamErrorFault, status: number): Failure {
  return {
    status,
    ...(fault.errorType === undefined ? {} : { type: fault.errorType }),
    ...(fault.code === undefined ? {} : { code: fault.code }),
    ...(fault.message === undefined ? {} : { message: fault.message }),
  };
}
