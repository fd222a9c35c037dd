/** What was asked, in the terms both vendors share. */
export interface Question {
  /** Number of the request, from 1; the ids of the answer are made from it. */
  readonly number: number;
  /** The requested model, which the answer names again. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the stream ends with token counts (OpenAI's `stream_options.include_usage`). */
  readonly includesUsage: boolean;
  /** Tokens of the prompt, a rough count. */
  readonly promptTokens: number;
  /** When the question arrived, epoch milliseconds. */
  readonly receivedAt: number;
}

/** An error to be put into a vendor's words. */
export interface Failure {
  /** HTTP status that decides type, code and message where they are left out. */
  readonly status: number;
  readonly type?: string;
  /** `null` for an error that has none. */
  readonly code?: string | null;
  readonly message?: string;
}

/** A whole stream as server-sent events, split where a fault may strike. */
export interface StreamEvents {
  /** Events before the first piece of text. */
  readonly opening: readonly string[];
  /** One event for each piece of text. */
  readonly pieces: readonly string[];
  /** Events after the last piece, the finish marker among them. */
  readonly closing: readonly string[];
}

/** How one vendor speaks: all that differs between OpenAI and Anthropic. */
export interface Dialect {
  /** Path of the endpoint, asked with POST; a pattern where it names the model. */
  readonly path: RegExp;
  /** Response header that carries the request's id. */
  readonly requestIdHeader: string;
  /** The status whose error is the usual one inside a stream. */
  readonly streamFailureStatus: number;
  /** Makes the JSON body of a plain answer from the pieces of its text. */
  toBody(question: Question, pieces: readonly string[]): object;
  /** Makes the events of a streamed answer from the pieces of its text. */
  toStream(question: Question, pieces: readonly string[]): StreamEvents;
  /** Makes the JSON body of an error. */
  toError(failure: Failure, requestId: string): object;
  /** Wraps the JSON body of an error into an event of a stream. */
  toErrorEvent(error: object): string;
}
