import type { Fault, Script, ScriptStep } from './fault.ts';

/** How {@link startProvider} sets a provider up. */
export interface ProviderOptions {
  /**
   * What the first requests get, one step each.
   * @default []
   */
  readonly script?: Script;
  /** What every request gets once the script is used up; left out, a good answer. */
  readonly fault?: Fault;
  /**
   * The text of a good answer; a stream sends it word by word.
   * @default 'The quick brown fox jumps over the lazy dog.'
   */
  readonly reply?: string;
}

/** How a request was answered: by a fault, well, or not at all as it asked for nothing we know. */
export type AnswerKind = Fault['kind'] | 'ok' | 'unknownPath' | 'invalidBody';

/** A request that arrived with its whole body. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** When it arrived, epoch milliseconds. */
  readonly at: number;
  /** What it got. */
  readonly fault: AnswerKind;
  /** The parsed JSON body; the text itself when it is no JSON. */
  readonly body: unknown;
  /** Whether the client went away before its answer was complete. */
  readonly aborted: boolean;
}

/** A running provider that fails on cue. */
export interface Provider extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`: the base URL of Anthropic and Google as it is, OpenAI's with `/v1` behind it. */
  readonly baseUrl: string;
  /** Every request that really arrived, oldest first; grows as they come. */
  readonly requests: readonly ReceivedRequest[];
  /** How many requests really arrived. */
  readonly requestCount: number;
  /** Connections open now, idle ones that a client keeps alive included. */
  readonly openConnections: number;
  /**
   * Queues what the next requests get, one step each, behind what is queued already.
   * @param steps faults, or `'ok'` for a good answer
   * @throws RangeError when a number in a fault is out of range
   */
  answerWith(...steps: ScriptStep[]): void;
  /**
   * Sets what every request gets while the queue is empty, until it is changed.
   * @param fault the fault, or `undefined` for good answers
   * @throws RangeError when a number in the fault is out of range
   */
  setFault(fault: Fault | undefined): void;
  /** Stops listening and destroys every connection; safe to call again. */
  stop(): Promise<void>;
}
