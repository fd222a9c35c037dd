import type { BreakerInput } from 'agent-circuit-breaker';

const numbersThatNeverFit: readonly unknown[] = [
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...['3', null, true, 3n, {}, [], () => 3],
];

/** What is no number of calls. */
export const notCounts: readonly unknown[] = [...numbersThatNeverFit, 1.5, 0.5, 2 ** 31, 2 ** 53];

/** What is no duration in milliseconds. */
export const notDurations: readonly unknown[] = [...numbersThatNeverFit, 2 ** 31, 0.5, 0.999];

const notObjects: readonly unknown[] = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '3', null, true, 3n, []];

/** Values that each option which is data, and which facades take too, refuses, in a message that begins with the option and `must be`. */
export const refusedInput: Readonly<Record<Exclude<keyof BreakerInput, 'notifyParent'>, readonly unknown[]>> = {
  name: ['', null, 0, -1, 7, Number.NaN, Number.POSITIVE_INFINITY, true, {}, [], Symbol('name'), 1n, () => 'name'],
  failureThreshold: notCounts,
  halfOpenTrials: notCounts,
  successThreshold: notCounts,
  trialFailureThreshold: notCounts,
  minimumCalls: notCounts,
  windowSize: [...notCounts, 1_000_001],
  failureRateThreshold: [...numbersThatNeverFit, 1.000_001, 50, 2 ** 31],
  recoveryTimeout: notDurations,
  failureWindow: notDurations,
  slowCallThreshold: notDurations,
  trialTimeout: notDurations,
  recoveryBackoff: notObjects,
  recoveryRamp: [...notObjects, () => 3],
};
