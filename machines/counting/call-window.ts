/** Numbers of calls that have ended. A slow call is a failure, too. */
export interface CallTally {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

/** The calls that ended within one tenth of a window over time. */
export interface TimeSlice extends CallTally {
  /** When the first of them ended, epoch ms. */
  readonly at: number;
}

/**
 * The calls by which failures are judged: the last `windowSize` calls, those of the last `failureWindow` milliseconds,
 * or, without a rate, all of the present closed period. Plain data, never mutated.
 */
export interface CallWindow extends CallTally {
  /** Over time: the window in slices, oldest first, at most ten. */
  readonly slices: readonly TimeSlice[];
  /**
   * Over a number of calls: how they ended, one character each, oldest first, in pieces of equal length. `+` is a
   * success, `-` a failure, `~` a slow call.
   */
  readonly older: readonly string[];
  /** The latest calls, as in `older`. */
  readonly newest: string;
  /** How many characters at the beginning have left the window. */
  readonly skipped: number;
}

/** A window without calls. */
export const noCalls: CallWindow = { calls: 0, failures: 0, slow: 0, slices: [], older: [], newest: '', skipped: 0 };

/** How a call ended, as far as a window is concerned. */
export type CallMark = '+' | '-' | '~';
