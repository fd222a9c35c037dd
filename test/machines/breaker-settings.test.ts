import { type BreakerInput, BreakerOptionsError, resolveSettings } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { inputRules } from '../../machines/settings/breaker-settings.ts';

const counts = ['failureThreshold', 'halfOpenTrials', 'successThreshold', 'trialFailureThreshold'] as const;
const durations = ['recoveryTimeout', 'failureWindow', 'trialTimeout', 'slowCallThreshold'] as const;
/** Options that are judged elsewhere: with a rate, or as objects. */
const others = [
  'failureRateThreshold',
  'minimumCalls',
  'windowSize',
  'recoveryBackoff',
  'recoveryRamp',
  'notifyParent',
];
const longest = 2_147_483_647;

const never: readonly unknown[] = [
  0,
  -0,
  -1,
  Number.NaN,
  Infinity,
  -Infinity,
  '5',
  5n,
  true,
  null,
  {},
  [],
  [5],
  new Date(5),
  Symbol('5'),
  () => 5,
];

/** The option that is named when one is refused; undefined where it is accepted. */
function refusedOption(option: string, value: unknown): string | undefined {
  try {
    Reflect.apply(resolveSettings, undefined, [{ [option]: value }]);
  } catch (error) {
    if (!(error instanceof BreakerOptionsError)) throw error;
    expect(error.message).toContain(`${option} must be `);
    expect(error.message).toContain(', but was ');
    return error.option;
  }
  return undefined;
}

const allOf = (option: string, values: readonly unknown[]) => values.map((value) => refusedOption(option, value));

describe('settings', () => {
  it('are the defaults where nothing is given', () => {
    const defaults = {
      failureThreshold: 5,
      recoveryTimeoutMs: 60_000,
      failureWindowMs: null,
      halfOpenTrials: 1,
      successThreshold: 1,
      trialFailureThreshold: 1,
      trialTimeoutMs: 60_000,
      failureRateThreshold: null,
      minimumCalls: 10,
      windowSize: null,
      slowCallThresholdMs: null,
      backoff: null,
      ramp: null,
      notifiesParent: false,
    };
    expect(resolveSettings({})).toEqual(defaults);
    const leftOut = Object.fromEntries(Object.keys(inputRules).map((option) => [option, undefined]));
    expect(resolveSettings(leftOut)).toEqual(defaults);
  });

  it('are what is given, and cannot be changed', () => {
    const input = Object.freeze({
      name: 'search',
      failureThreshold: 3,
      recoveryTimeout: 1000,
      failureRateThreshold: 0.25,
      minimumCalls: 20,
      windowSize: 200,
      slowCallThreshold: 300,
      halfOpenTrials: 2,
      successThreshold: 4,
      trialFailureThreshold: 6,
      trialTimeout: 500,
      recoveryBackoff: { factor: 3, maxRecoveryTimeout: 9000, jitter: 0.5 },
      recoveryRamp: { steps: 5, stepDuration: 700 },
      notifyParent: true,
    });
    const settings = resolveSettings(input);
    expect(settings).toEqual({
      failureThreshold: 3,
      recoveryTimeoutMs: 1000,
      failureWindowMs: null,
      failureRateThreshold: 0.25,
      minimumCalls: 20,
      windowSize: 200,
      slowCallThresholdMs: 300,
      halfOpenTrials: 2,
      successThreshold: 4,
      trialFailureThreshold: 6,
      trialTimeoutMs: 500,
      backoff: { factor: 3, maxRecoveryTimeoutMs: 9000, jitter: 0.5 },
      ramp: { steps: 5, stepDurationMs: 700 },
      notifiesParent: true,
    });
    expect(Object.isFrozen(settings.backoff) && Object.isFrozen(settings.ramp)).toBe(true);
    expect(Object.isFrozen(settings)).toBe(true);
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  it('lease a trial for recoveryTimeout unless told otherwise', () => {
    expect(resolveSettings({ recoveryTimeout: 1234 }).trialTimeoutMs).toBe(1234);
  });

  it('fill in what a backoff leaves out', () => {
    const backoffOf = (input: BreakerInput) => resolveSettings(input).backoff;
    const hour = 3_600_000;
    expect(backoffOf({ recoveryBackoff: {} })).toEqual({ factor: 2, maxRecoveryTimeoutMs: hour, jitter: 0 });
    expect(backoffOf({ recoveryBackoff: {}, recoveryTimeout: 2 * hour })?.maxRecoveryTimeoutMs).toBe(2 * hour);
  });

  it('are checked for every option there is', () => {
    expect(Object.keys(inputRules).sort()).toEqual(['name', ...counts, ...durations, ...others].sort());
  });
});

describe.each(counts)('%s', (option) => {
  it('refuses everything but whole numbers from 1 to 2147483647, by name', () => {
    const bad = [...never, 0.5, 1.5, 2 ** 31, 2 ** 53];
    expect(allOf(option, bad)).toEqual(bad.map(() => option));
  });

  it('accepts whole numbers from 1 to 2147483647, and undefined', () => {
    expect(allOf(option, [1, 2, 1000, 2 ** 31 - 1, undefined])).toEqual(Array(5).fill(undefined));
  });
});

describe.each(durations)('%s', (option) => {
  it('S-26 refuses everything but durations that a timer can wait, by name', () => {
    const bad = [...never, 0.5, 0.999, longest + 0.5, 2 ** 31, 1e300];
    expect(allOf(option, bad)).toEqual(bad.map(() => option));
  });

  it('accepts durations from 1 to 2147483647, whole or not, and undefined', () => {
    expect(allOf(option, [1, 1.5, 60_000, longest, longest - 0.5, undefined])).toEqual(Array(6).fill(undefined));
  });
});

describe('name', () => {
  it('refuses everything but a string with something in it, by name', () => {
    const bad = ['', 0, 5, null, {}, ['a'], true, Symbol('a')];
    expect(allOf('name', bad)).toEqual(bad.map(() => 'name'));
  });

  it('accepts any other string, and undefined', () => {
    expect(allOf('name', ['a', ' ', '0', 'x'.repeat(1000), undefined])).toEqual(Array(5).fill(undefined));
  });
});
