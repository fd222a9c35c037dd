import type { CallHandle } from '../calls/call-handle.ts';
import type { GuardOptions } from './guard-options.ts';

/** Looks at a body as it passes, and tells the call what it says. It never throws. */
export interface BodyInspector {
  /**
   * Takes the next bytes.
   *
   * @returns Whether they have something of the answer: comments, pings and blank lines only say that there is a connection.
   */
  take(chunk: Uint8Array): boolean;
  /** Whether what marks the end has come: what happens to the connection after that is of no interest. */
  readonly isWhole: boolean;
  /** The body has ended in order, or is whole: settles the call. */
  end(): void;
}

/** What an inspector works with. */
export interface Inspection {
  readonly call: CallHandle;
  readonly status: number;
  readonly headers: Headers;
  readonly isComplete: GuardOptions['isComplete'];
}
