import type { Dialect, Question } from './dialect.ts';
import type { ResponseWriter } from './response-writer.ts';

/** A request of any sort that waits for its response. */
export interface Exchange {
  readonly dialect: Dialect;
  /** The id under which the request is known in headers and errors. */
  readonly requestId: string;
  readonly writer: ResponseWriter;
}

/** A request that asks a question we understand. */
export interface Call extends Exchange {
  readonly question: Question;
  /** The text of a good answer, piece by piece. */
  readonly pieces: readonly string[];
}
