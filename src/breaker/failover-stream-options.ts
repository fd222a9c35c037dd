import type { StreamOptions } from '../options/breaker-options.ts';
import type { SwitchOptions } from './failover-options.ts';

/** What `onRestart` hears of. */
export interface FailoverRestart<C> {
  readonly type: 'failover.restarted';
  /** The candidate whose items were handed on, and then broke off. */
  readonly from: C;
  /** The one whose items follow, from the first one on. */
  readonly to: C;
  /** What broke off. */
  readonly error: unknown;
}

/** Options of `failoverStream`. Durations are in milliseconds, from 1 to 2147483647, of each candidate. */
export interface FailoverStreamOptions<C, T> extends SwitchOptions<C>, Omit<StreamOptions<T>, 'fallback'> {
  /**
   * Until when another candidate can take the place of one that fails. `firstContent`: until something that the model says
   * arrives, which is handed on at once. `end`: until the answer is whole; it is handed on then.
   * @default 'firstContent'
   */
  readonly commit?: 'firstContent' | 'end' | undefined;
  /**
   * Tells an item that is content. One that throws is content.
   * @default knows the chunks, events and parts of OpenAI, Anthropic, Google and the AI SDK; other items are content
   */
  readonly isContent?: ((item: T) => boolean) | undefined;
  /**
   * Makes it possible to go on after content: called, and waited for, before the first item of the next candidate, so that
   * what has been shown of the last one can be taken back. Where it throws, the error of the last one ends the stream.
   * @default none: what breaks off after content ends the stream, with an error
   */
  readonly onRestart?: ((event: FailoverRestart<C>) => unknown) | undefined;
  /**
   * How many bytes are held back at most, about, before the stream ends with a RangeError; 1 to 2147483647.
   * @default 16777216 (16 MB)
   */
  readonly maxHeldBytes?: number | undefined;
}
