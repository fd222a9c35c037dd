import type { CommandOrder } from '../../machines/change-cause.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import {
  aFunction,
  checkOptions,
  duration,
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

/** What is done where no circuit admits a call. */
export const switchRules = { allOpen: oneOf('throw', 'probeEarliest'), onSwitch: aFunction } as const;

const runRules = { signal: anAbortSignal, timeout: duration, fallback: aFunction } as const;
const streamRules = { ...runRules, ...streamLimitRules, isComplete: aFunction } as const;
const failoverRules = { signal: anAbortSignal, timeout: duration, ...switchRules } as const;

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
