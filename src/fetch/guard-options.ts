import { aFunction, checkOptions, type OptionRules } from '../../machines/settings/option-rules.ts';
import { aClock, streamLimitRules } from '../options/check-call-options.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { FailedResponseError } from './failed-response-error.ts';
import type { ServerSentEvent } from './read-events.ts';

/** How requests are watched. Durations are in milliseconds, from 1 to 2147483647. */
export interface GuardOptions {
  /**
   * How long the first byte of the answer may take from when the request is sent. A request that takes longer is aborted
   * with a CallTimeoutError, which counts. Make it shorter than the client's own timeout. Comments, pings and blank lines
   * of a stream are signs of a connection, not of an answer.
   * @default none until the headers are there, then `idleTimeout`
   */
  readonly firstItemTimeout?: number | undefined;
  /**
   * How long each later part of the answer may take from when it is asked for; signs of a connection do not count as one.
   * @default none
   */
  readonly idleTimeout?: number | undefined;
  /**
   * Tells the event that marks the end of a stream of server-sent events. One that ends without it is a failure
   * (`StreamInterruptedError`): that is how a connection looks that has broken. One that throws is true.
   * @default knows the streams of OpenAI, Anthropic and Google by their events; others are whole when they end
   */
  readonly isComplete?: ((event: ServerSentEvent) => boolean) | undefined;
  /**
   * Tells whether a response of status 400 to 599 is told to the breaker, which then judges it as it judges what calls
   * throw. One that is not told is neutral. `() => true` leaves it all to the breaker. One that throws is true.
   * @default what `classifyModelError` counts: 5xx, 408, 424, 429, 498, 499, a wrong key, an exhausted quota; but no prompt
   *   that is too long, whatever its status
   */
  readonly isFailure?: ((error: FailedResponseError) => boolean) | undefined;
  /**
   * Takes no effect: the durations above run on the breaker's own clock.
   * @deprecated Give the clock to the breaker.
   */
  readonly clock?: BreakerClock | undefined;
}

/** One rule per option that the integrations share. */
export const guardRules: OptionRules = {
  ...streamLimitRules,
  isComplete: aFunction,
  isFailure: aFunction,
  clock: aClock,
};

/**
 * Checks the options that the integrations share.
 *
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 */
export function checkGuardOptions(options: GuardOptions): void {
  checkOptions(options, guardRules);
}
