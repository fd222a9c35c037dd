import type { CommandOrder } from '../../machines/change-cause.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import {
  aFunction,
  checkOptions,
  duration,
  highestCount,
  nonEmptyString,
  type OptionRule,
  oneOf,
  rejectOption,
} from '../../machines/settings/option-rules.ts';
import { isAbortSignal } from '../platform/abort-watch.ts';
import type { RunOptions, TripOptions } from './breaker-options.ts';

/** Accepts an AbortSignal. */
export const anAbortSignal: OptionRule = (option, value) => {
  if (!isAbortSignal(value)) rejectOption(option, 'an AbortSignal', value);
};

/** Accepts a clock. */
export const aClock: OptionRule = (option, value) => {
  if (typeof value !== 'object' || value === null)
    rejectOption(option, 'an object with the methods now, setTimeout and clearTimeout', value);
  for (const method of ['now', 'setTimeout', 'clearTimeout'])
    if (typeof Reflect.get(value, method) !== 'function')
      throw new BreakerOptionsError(
        option,
        `${option} must have the methods now, setTimeout and clearTimeout, but ${method} is missing.`,
      );
};

/** The limits of a stream. */
export const streamLimitRules = { firstItemTimeout: duration, idleTimeout: duration } as const;

/** When the next of several candidates is tried, and who hears of it. */
export const switchRules = {
  allOpen: oneOf('throw', 'probeEarliest'),
  switchOn: aFunction,
  retries: integerBetween(0, 10),
  onSwitch: aFunction,
  onServed: aFunction,
} as const;

/** When the answer of one of several candidates is handed on. */
export const commitRules = {
  commit: oneOf('firstContent', 'end'),
  maxHeldBytes: integerBetween(1, highestCount),
} as const;

const runRules = { signal: anAbortSignal, timeout: duration, fallback: aFunction } as const;
const streamRules = { ...runRules, ...streamLimitRules, isComplete: aFunction } as const;
const failoverRules = { signal: anAbortSignal, timeout: duration, ...switchRules } as const;
const failoverStreamRules = {
  ...failoverRules,
  ...streamLimitRules,
  ...commitRules,
  ...{ isComplete: aFunction, isContent: aFunction, onRestart: aFunction },
} as const;

const orderRules = { by: nonEmptyString, reason: nonEmptyString } as const;
const tripRules = { ...orderRules, openFor: duration } as const;

/**
 * Checks the options of `run`.
 *
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 */
export function checkRunOptions(options: RunOptions): void {
  checkOptions(options, runRules);
}

/** Checks who gives an order and why, like `checkRunOptions`. */
export function checkOrder(order: CommandOrder): void {
  checkOptions(order, orderRules);
}

/** Checks the options of `trip`, like `checkRunOptions`. */
export function checkTripOptions(options: TripOptions): void {
  checkOptions(options, tripRules);
}

/** Checks the options of `stream`, like `checkRunOptions`. */
export function checkStreamOptions(options: object): void {
  checkOptions(options, streamRules);
}

/** Checks the options of `failover`, like `checkRunOptions`. */
export function checkFailoverOptions(options: object): void {
  checkOptions(options, failoverRules);
}

/** Checks the options of `failoverStream`, like `checkRunOptions`. */
export function checkFailoverStreamOptions(options: object): void {
  checkOptions(options, failoverStreamRules);
}

function integerBetween(lowest: number, highest: number): OptionRule {
  return (option, value) => {
    if (!Number.isInteger(value) || Number(value) < lowest || Number(value) > highest)
      rejectOption(option, `an integer from ${lowest} to ${highest}`, value);
  };
}
