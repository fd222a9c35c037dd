import type { BreakerInput } from './breaker-input.ts';
import { BreakerOptionsError } from './breaker-options-error.ts';
import {
  aBoolean,
  checkOptions,
  count,
  duration,
  integerUpTo,
  longestDurationMs,
  nonEmptyString,
  numberBetween,
  objectOf,
  positiveRatio,
} from './option-rules.ts';

/** The data options with every default filled in: what the chart's guards and delays read. */
export interface BreakerSettings {
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
  /** `null` where failures in a row count, or the rate of the last `windowSize` calls. */
  readonly failureWindowMs: number | null;
  /** `null` where no rate is judged. */
  readonly failureRateThreshold: number | null;
  readonly minimumCalls: number;
  /** `null` where no rate is judged, or that of a span of time. */
  readonly windowSize: number | null;
  /** `null` where calls may take as long as they like. */
  readonly slowCallThresholdMs: number | null;
  readonly halfOpenTrials: number;
  readonly successThreshold: number;
  readonly trialFailureThreshold: number;
  readonly trialTimeoutMs: number;
  /** `null` where every wait is the same. */
  readonly backoff: BackoffSettings | null;
  /** `null` where the circuit closes after its trials. */
  readonly ramp: RampSettings | null;
  readonly notifiesParent: boolean;
}

/** `RecoveryBackoff` with every default filled in. */
export interface BackoffSettings {
  readonly factor: number;
  readonly maxRecoveryTimeoutMs: number;
  /** A ratio from 0 to 1. */
  readonly jitter: number;
}

/** `RecoveryRamp` as the chart reads it. */
export interface RampSettings {
  readonly steps: number;
  readonly stepDurationMs: number;
}

/** One rule per data option; the keys are the list of data options. */
export const inputRules = {
  name: nonEmptyString,
  failureThreshold: count,
  recoveryTimeout: duration,
  failureWindow: duration,
  failureRateThreshold: positiveRatio,
  minimumCalls: count,
  windowSize: integerUpTo(1_000_000),
  slowCallThreshold: duration,
  halfOpenTrials: count,
  successThreshold: count,
  trialFailureThreshold: count,
  trialTimeout: duration,
  recoveryBackoff: objectOf({
    factor: numberBetween(1, 1000),
    maxRecoveryTimeout: duration,
    jitter: numberBetween(0, 1),
  }),
  recoveryRamp: objectOf({ steps: integerUpTo(1000), stepDuration: duration }, ['steps', 'stepDuration']),
  notifyParent: aBoolean,
} as const;

/** @default of `recoveryTimeout` */
export const defaultRecoveryTimeoutMs = 60_000;

const defaults = {
  recoveryTimeout: defaultRecoveryTimeoutMs,
  minimumCalls: 10,
  maxRecoveryTimeout: 3_600_000,
} as const;

/**
 * Checks the input of a breaker and fills in the defaults.
 *
 * @param input - The data options, all optional.
 * @returns Settings that can be shared by any number of breakers.
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 */
export function resolveSettings(input: BreakerInput): BreakerSettings {
  checkOptions(input, inputRules);
  checkCombinations(input);
  return fillIn(input);
}

/**
 * Settings that may be only a part of those of a machine, so that their combinations cannot be judged yet.
 *
 * @throws BreakerOptionsError like `resolveSettings`, for every option by itself.
 */
export function partialSettings(input: BreakerInput): BreakerSettings {
  checkOptions(input, inputRules);
  return fillIn(input);
}

/**
 * Checks that options which are right by themselves make sense together.
 *
 * @throws BreakerOptionsError that names one of those which do not.
 */
export function checkCombinations(input: BreakerInput): void {
  const { failureRateThreshold: rate, windowSize, failureWindow, minimumCalls = defaults.minimumCalls } = input;
  const { recoveryTimeout = defaults.recoveryTimeout, recoveryBackoff, recoveryRamp } = input;
  const refuse = (option: string, message: string): never => {
    throw new BreakerOptionsError(option, `${option} ${message}.`);
  };
  if (rate === undefined) {
    if (windowSize !== undefined) refuse('windowSize', 'is the window of a rate and needs failureRateThreshold');
    if (input.minimumCalls !== undefined) refuse('minimumCalls', 'belongs to a rate and needs failureRateThreshold');
  } else if (windowSize === undefined && failureWindow === undefined)
    refuse('failureRateThreshold', 'needs a window: windowSize (calls) or failureWindow (milliseconds)');
  else if (windowSize !== undefined && failureWindow !== undefined)
    refuse('windowSize', 'cannot be given together with failureWindow: a rate has one window');
  else if (windowSize !== undefined && windowSize < minimumCalls)
    refuse('windowSize', `must be at least minimumCalls (${minimumCalls}), but was ${windowSize}`);
  const maxRecoveryTimeout = recoveryBackoff?.maxRecoveryTimeout ?? recoveryTimeout;
  if (maxRecoveryTimeout < recoveryTimeout)
    refuse(
      'recoveryBackoff',
      `must have a maxRecoveryTimeout of at least recoveryTimeout (${recoveryTimeout}), but it was ${maxRecoveryTimeout}`,
    );
  const rampMs = recoveryRamp ? recoveryRamp.steps * recoveryRamp.stepDuration : 0;
  if (rampMs > longestDurationMs)
    refuse(
      'recoveryRamp',
      `must last at most ${longestDurationMs} ms in all (steps x stepDuration), but was ${rampMs}`,
    );
}

function fillIn(input: BreakerInput): BreakerSettings {
  const recoveryTimeoutMs = input.recoveryTimeout ?? defaults.recoveryTimeout;
  const { recoveryBackoff: backoff, recoveryRamp: ramp } = input;
  return Object.freeze({
    failureThreshold: input.failureThreshold ?? 5,
    recoveryTimeoutMs,
    failureWindowMs: input.failureWindow ?? null,
    failureRateThreshold: input.failureRateThreshold ?? null,
    minimumCalls: input.minimumCalls ?? defaults.minimumCalls,
    windowSize: input.windowSize ?? null,
    slowCallThresholdMs: input.slowCallThreshold ?? null,
    halfOpenTrials: input.halfOpenTrials ?? 1,
    successThreshold: input.successThreshold ?? 1,
    trialFailureThreshold: input.trialFailureThreshold ?? 1,
    trialTimeoutMs: input.trialTimeout ?? recoveryTimeoutMs,
    backoff: backoff
      ? Object.freeze({
          factor: backoff.factor ?? 2,
          maxRecoveryTimeoutMs: backoff.maxRecoveryTimeout ?? Math.max(recoveryTimeoutMs, defaults.maxRecoveryTimeout),
          jitter: backoff.jitter ?? 0,
        })
      : null,
    notifiesParent: input.notifyParent ?? false,
    ramp: ramp ? Object.freeze({ steps: ramp.steps, stepDurationMs: ramp.stepDuration }) : null,
  });
}
