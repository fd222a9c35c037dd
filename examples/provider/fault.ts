/** Answers with an HTTP status and, unless told otherwise, the error body the vendor sends with it. */
export interface StatusFault {
  readonly kind: 'status';
  /** HTTP status, 200 to 599. */
  readonly status: number;
  /** Extra response headers, such as `retry-after`; they win over the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * OpenAI's `error.code` (`insufficient_quota`, for one), Anthropic's `error.details.error_code`, the `reason` of
   * Google's `ErrorInfo`; `null` for an error without a code.
   */
  readonly code?: string | null;
  /** The error's `type` (Google's `status`), in place of the one that belongs to the status and the code. */
  readonly type?: string;
  /** The error's `message`. */
  readonly message?: string;
  /** The whole body: a string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Resets the connection (TCP RST) before any byte of an answer. */
export interface ConnectionResetFault {
  readonly kind: 'connectionReset';
}

/** Sends the headers late, then a normal answer. */
export interface SlowHeadersFault {
  readonly kind: 'slowHeaders';
  /** Wait before the headers, in milliseconds. */
  readonly delayMs: number;
}

/** Takes the request and never answers. */
export interface NoHeadersFault {
  readonly kind: 'noHeaders';
}

/**
 * Sends status 200 and the headers of a stream, then nothing for ever.
 * A plain request gets the headers and half of the JSON body, then nothing.
 */
export interface NoFirstTokenFault {
  readonly kind: 'noFirstToken';
}

/**
 * Stops in the middle of a stream and leaves the connection open.
 * A plain request gets the headers and half of the JSON body, then nothing.
 */
export interface StallFault {
  readonly kind: 'stall';
  /**
   * Pieces of text that still arrive, 0 or more. The events that open a message come before the
   * first piece, so 0 leaves the body empty.
   */
  readonly afterChunks: number;
}

/**
 * Ends a stream without its finish marker.
 * A plain request gets the announced content length, half of the JSON body and a closed connection.
 */
export interface CutOffFault {
  readonly kind: 'cutOff';
  /** Pieces of text that still arrive, counted as in {@link StallFault}. */
  readonly afterChunks: number;
  /**
   * Whether the connection is reset instead of the body being ended in order.
   * @default false
   */
  readonly abrupt?: boolean;
}

/**
 * Puts an error into a stream that began with status 200, then ends the body.
 * A plain request gets that error with status 500.
 */
export interface StreamErrorFault {
  readonly kind: 'streamError';
  /** Pieces of text that arrive before the error, counted as in {@link StallFault}. */
  readonly afterChunks: number;
  /**
   * The error's `type`.
   * @default 'server_error' for OpenAI, 'overloaded_error' for Anthropic
   */
  readonly errorType?: string;
  /** OpenAI's `error.code`, Anthropic's `error.details.error_code`; `null` for none. */
  readonly code?: string | null;
  /** The error's `message`. */
  readonly message?: string;
}

/** Gives a finished answer without any content. */
export interface EmptyFault {
  readonly kind: 'empty';
}

/**
 * Gives a good answer slowly: a stream sends its headers at once, a plain answer everything late.
 */
export interface SlowFault {
  readonly kind: 'slow';
  /** Wait before the first event of a stream or before a plain answer, in milliseconds. */
  readonly delayMs: number;
  /**
   * Wait before each later event of a stream, in milliseconds.
   * @default 0
   */
  readonly chunkDelayMs?: number;
}

/** One way in which a provider fails. */
export type Fault =
  | StatusFault
  | ConnectionResetFault
  | SlowHeadersFault
  | NoHeadersFault
  | NoFirstTokenFault
  | StallFault
  | CutOffFault
  | StreamErrorFault
  | EmptyFault
  | SlowFault;

/** What one request gets: a fault, or a good answer. */
export type ScriptStep = Fault | 'ok';

/** What the next requests get, one step each, in order. */
export type Script = readonly ScriptStep[];
