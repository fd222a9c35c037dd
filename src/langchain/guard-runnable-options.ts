import { aFunction, checkOptions } from '../../machines/settings/option-rules.ts';
import { aClock, streamLimitRules } from '../options/check-call-options.ts';
import type { BreakerClock } from '../platform/clock.ts';

/** How the streams of a runnable are watched. Durations are in milliseconds, from 1 to 2147483647. */
export interface GuardRunnableOptions {
  /**
   * How long the first chunk may take, connecting included. One that takes longer ends the stream with a
   * CallTimeoutError, which counts.
   * @default `idleTimeout`
   */
  readonly firstItemTimeout?: number | undefined;
  /**
   * How long each later chunk may take from when it is asked for.
   * @default none
   */
  readonly idleTimeout?: number | undefined;
  /**
   * Tells the chunk that marks the end; a stream that ends without it is a failure. A connection that breaks looks like
   * that with some providers. One that throws is true.
   * @default none: a stream that ends is whole
   */
  readonly isComplete?: ((chunk: unknown) => boolean) | undefined;
  /**
   * Takes no effect: the two timeouts run on the breaker's own clock.
   * @deprecated Give the clock to the breaker.
   */
  readonly clock?: BreakerClock | undefined;
}

/** @throws BreakerOptionsError for an option that is unknown or wrong. */
export function checkGuardRunnableOptions(options: GuardRunnableOptions): void {
  checkOptions(options, { ...streamLimitRules, isComplete: aFunction, clock: aClock });
}
