import { checkOptions, duration, nonEmptyString, positiveInteger } from './option-rules.ts';

/**
 * What a breaker actor can be given as `input`: the options that are data. All durations are in
 * milliseconds, from 1 to 2147483647; the counts are integers from 1 up.
 */
export interface BreakerInput {
  /**
   * Name in errors, events, metrics and the inspector.
   * @default 'breaker'
   */
  readonly name?: string | undefined;
  /**
   * Failures that open the circuit: in a row, or within `failureWindow` where that is set.
   * @default 5
   */
  readonly failureThreshold?: number | undefined;
  /**
   * How long the circuit stays open before a trial is let through, in milliseconds.
   * @default 60_000
   */
  readonly recoveryTimeout?: number | undefined;
  /**
   * If set, failures within the last so many milliseconds count, instead of consecutive ones.
   * @default none
   */
  readonly failureWindow?: number | undefined;
  /**
   * How many trials may run at the same time while half-open.
   * @default 1
   */
  readonly halfOpenTrials?: number | undefined;
  /**
   * How many successful trials close the circuit.
   * @default 1
   */
  readonly successThreshold?: number | undefined;
  /**
   * The lease of a trial in milliseconds: one that has not settled by then gives its slot back and
   * its late result is ignored.
   * @default recoveryTimeout
   */
  readonly trialTimeout?: number | undefined;
}

/** The data options with every default filled in: what the chart's guards and delays read. */
export interface BreakerSettings {
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
  /** `null` where failures in a row count. */
  readonly failureWindowMs: number | null;
  readonly halfOpenTrials: number;
  readonly successThreshold: number;
  readonly trialTimeoutMs: number;
}

/** One rule per data option; the keys are the list of data options. */
export const inputRules = {
  name: nonEmptyString,
  failureThreshold: positiveInteger,
  recoveryTimeout: duration,
  failureWindow: duration,
  halfOpenTrials: positiveInteger,
  successThreshold: positiveInteger,
  trialTimeout: duration,
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
  const recoveryTimeoutMs = input.recoveryTimeout ?? 60_000;
  return Object.freeze({
    failureThreshold: input.failureThreshold ?? 5,
    recoveryTimeoutMs,
    failureWindowMs: input.failureWindow ?? null,
    halfOpenTrials: input.halfOpenTrials ?? 1,
    successThreshold: input.successThreshold ?? 1,
    trialTimeoutMs: input.trialTimeout ?? recoveryTimeoutMs,
  });
}
