import { BreakerOptionsError } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { inputRules } from '../../machines/settings/breaker-settings.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import {
  aFunction,
  arrayOfClasses,
  checkOptions,
  count,
  duration,
  integerUpTo,
  longestDurationMs,
  nonEmptyString,
  numberBetween,
  type OptionRule,
  objectOf,
  positiveRatio,
} from '../../machines/settings/option-rules.ts';

/** The message with which something is refused; undefined where it is accepted. */
function refusal(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    if (BreakerOptionsError.isInstance(error)) return error.message;
    throw error;
  }
  return undefined;
}

const accepts = (rule: OptionRule, value: unknown) => refusal(() => rule('it', value)) === undefined;

describe('a rule', () => {
  const cases: readonly [string, OptionRule, readonly unknown[], readonly unknown[]][] = [
    ['count', count, [1, 2, 2 ** 31 - 1], [0, -1, 1.5, NaN, Infinity, 2 ** 31, 2 ** 53, '1', 1n, null, [1]]],
    ['integerUpTo(3)', integerUpTo(3), [1, 2, 3], [0, 4, 1.5, '2', null]],
    ['numberBetween(0, 1)', numberBetween(0, 1), [0, 0.5, 1], [-0.1, 1.1, NaN, '0', null]],
    ['positiveRatio', positiveRatio, [0.001, 0.5, 1], [0, -0.5, 1.001, NaN, Infinity, '0.5', 1n, null, [1]]],
    [
      'objectOf',
      objectOf({ a: count, b: count }, ['a']),
      [{ a: 1 }, { a: 1, b: undefined }],
      [{}, { b: 1 }, { a: 0 }, { a: 1, c: 1 }, [], null, 1],
    ],
    [
      'duration',
      duration,
      [1, 1.5, 60_000, longestDurationMs],
      [0, -0, 0.999, -1, NaN, Infinity, -Infinity, longestDurationMs + 0.5, 2 ** 31, '1', 1n, null, [1], new Date()],
    ],
    ['nonEmptyString', nonEmptyString, ['a', ' '], ['', 1, null, Symbol('a'), ['a'], Object('a')]],
    ['aFunction', aFunction, [() => {}, Error, async () => {}], [null, {}, 'f', 1]],
    [
      'arrayOfClasses',
      arrayOfClasses,
      [[], [Error, TypeError]],
      [Error, new Set([Error]), [() => {}], [null], [{}], ['Error'], null],
    ],
  ];

  it.each(cases)('%s accepts what it should and nothing else', (_name, rule, good, bad) => {
    for (const value of good) expect([value, accepts(rule, value)]).toEqual([value, true]);
    for (const value of bad) expect([value, accepts(rule, value)]).toEqual([value, false]);
  });

  it('quotes the option, what is wanted and what was received', () => {
    expect(refusal(() => count('failureThreshold', 0))).toBe(
      'failureThreshold must be an integer from 1 to 2147483647, but was 0.',
    );
    expect(refusal(() => duration('recoveryTimeout', Infinity))).toBe(
      'recoveryTimeout must be a duration in milliseconds from 1 to 2147483647, but was Infinity.',
    );
    expect(refusal(() => nonEmptyString('name', ''))).toBe('name must be a non-empty string, but was "".');
  });
});

describe('the rule for an object', () => {
  const rule = objectOf({ steps: count, stepDuration: duration }, ['steps']);
  const errorOf = (value: unknown) => {
    try {
      rule('recoveryRamp', value);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('blames the option, and names the property that is wrong', () => {
    expect(errorOf({ steps: 0 })).toMatchObject({
      option: 'recoveryRamp',
      message: 'recoveryRamp.steps must be an integer from 1 to 2147483647, but was 0.',
    });
    expect(errorOf({})).toMatchObject({
      option: 'recoveryRamp',
      message: 'recoveryRamp.steps must be an integer from 1 to 2147483647, but was undefined.',
    });
    expect(errorOf({ step: 3, steps: 3 })).toMatchObject({
      option: 'recoveryRamp',
      message: 'In recoveryRamp, "step" is not an option here. Did you mean steps?',
    });
  });
});

describe('a value that is described', () => {
  it.each<[unknown, string]>([
    [NaN, 'NaN'],
    [-1, '-1'],
    [12n, '12n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    ['5s', '"5s"'],
    [[1, 2], 'an array'],
    [{ key: 'sk-live' }, 'a value of type object'],
    [new Date(0), 'an instance of Date'],
    [new AbortController(), 'an instance of AbortController'],
    [Object.create(null), 'a value of type object'],
    [() => 'sk-live', 'a value of type function'],
    [Symbol('sk-live'), 'a value of type symbol'],
  ])('%o is %s', (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  it('S-75 is not quoted where it is long', () => {
    expect(describeValue('x'.repeat(41))).toBe('a string of 41 characters');
    expect(describeValue('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`);
  });
});

describe('options that are checked', () => {
  const check = (options: unknown) => refusal(() => checkOptions(options, inputRules));

  it('may be left out, be undefined, frozen or without a prototype', () => {
    expect(check({})).toBeUndefined();
    expect(check({ name: undefined, unheardOf: undefined })).toBeUndefined();
    expect(check(Object.freeze({ failureThreshold: 1 }))).toBeUndefined();
    expect(check(Object.assign(Object.create(null), { failureThreshold: 1 }))).toBeUndefined();
  });

  it.each([null, undefined, 3, 'options', true, [], [{ name: 'a' }]])('have to be an object, not %o', (options) => {
    expect(check(options)).toContain('options must be an object');
  });

  it('are checked where they are inherited or read from a getter, too', () => {
    expect(check(Object.create({ failureThreshold: 0 }))).toContain('failureThreshold');
    class Options {
      get recoveryTimeout() {
        return -1;
      }
    }
    expect(check(new Options())).toContain('recoveryTimeout');
  });

  it.each([
    ['failureTreshold', 'failureThreshold'],
    ['failureThresholds', 'failureThreshold'],
    ['failureThreshol', 'failureThreshold'],
    ['gailureThreshold', 'failureThreshold'],
    ['FailureThreshold', 'failureThreshold'],
    ['failurethreshold', 'failureThreshold'],
    ['failure_threshold', 'failureThreshold'],
    ['FAILURE_THRESHOLD', 'failureThreshold'],
    ['recovery_timeout', 'recoveryTimeout'],
    ['halfOpenTrial', 'halfOpenTrials'],
    ['half_open_trials', 'halfOpenTrials'],
    ['trialTimeOut', 'trialTimeout'],
    ['nam', 'name'],
  ])('that are misspelt get a hint: %s', (given, meant) => {
    expect(check({ [given]: 3 })).toBe(`"${given}" is not an option here. Did you mean ${meant}?`);
  });

  it.each(['size', 'threshold', 'constructor', 'toString', 'hasOwnProperty', '', ' ', '0'])(
    'that are unknown get the list of those that are: %o',
    (given) => {
      const message = check({ [given]: 3 });
      expect(message).toContain(`${JSON.stringify(given)} is not an option here. Known options are: name, `);
      for (const known of Object.keys(inputRules)) expect(message).toContain(known);
    },
  );

  it('that belong elsewhere get told so, before any hint', () => {
    const elsewhere = { rules: { clock: aFunction }, reason: 'belongs to a facade' };
    expect(refusal(() => checkOptions({ clock: 1 }, inputRules, elsewhere))).toBe('clock belongs to a facade.');
    expect(refusal(() => checkOptions({ clock: undefined }, inputRules, elsewhere))).toBeUndefined();
  });

  it('are refused with an error that names the option and is recognised across copies of the package', () => {
    const refuse = () => checkOptions({ name: '' }, inputRules);
    expect(refuse).toThrow(BreakerOptionsError);
    expect(refuse).toThrow(
      expect.objectContaining({ name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option: 'name' }),
    );
    const brand = Symbol.for('agent-circuit-breaker.BreakerOptionsError');
    for (const stranger of [null, undefined, 'x', {}, new Error('x')])
      expect(BreakerOptionsError.isInstance(stranger)).toBe(false);
    expect(BreakerOptionsError.isInstance({ [brand]: true })).toBe(true);
  });
});
