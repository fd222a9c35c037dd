import { type BreakerOptions, BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { errorOf, facadeMakers } from './makers.ts';
import { notDurations, refusedInput } from './refused-input.ts';

const notFunctions: readonly unknown[] = [null, 0, 1, true, 'onOpen', {}, [], 1n, Symbol('onOpen')];

/** Values that each option refuses. */
const refused: Readonly<Record<keyof BreakerOptions, readonly unknown[]>> = {
  ...refusedInput,
  timeout: notDurations,
  failurePredicate: notFunctions,
  failureResult: notFunctions,
  classifyError: notFunctions,
  fallback: notFunctions,
  onStateChange: notFunctions,
  onOpen: notFunctions,
  onClose: notFunctions,
  onHalfOpen: notFunctions,
  onIsolate: notFunctions,
  onSuccess: notFunctions,
  onFailure: notFunctions,
  onReject: notFunctions,
  onSettle: notFunctions,
  onCallbackError: notFunctions,
  excludedErrors: [null, 0, true, 'TypeError', TypeError, {}, [null], ['TypeError'], [TypeError, 1], [new TypeError()]],
  clock: [null, 0, true, 'clock', () => 0, {}, Date, { now: () => 0 }, { now: 0, setTimeout: 0, clearTimeout: 0 }],
  inspect: [null, 0, true, 'inspect', 1n],
  fleet: [null, 0, true, 'fleet', 1n, [], () => {}, {}, { transition: () => {} }, { getInitialSnapshot: () => {} }],
  snapshot: [null, 0, true, 'snapshot', 1n, [], () => {}],
};

const refusals = Object.entries(refused).flatMap(([option, values]) => values.map((value) => ({ option, value })));

describe.each(facadeMakers)('%s', (_name, make) => {
  it.each(refusals)('refuses $value as $option, and names the option', ({ option, value }) => {
    const error = errorOf(make, { [option]: value });
    expect(error).toBeInstanceOf(BreakerOptionsError);
    expect(error).toMatchObject({ name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option });
    expect(error).toMatchObject({ message: expect.stringMatching(new RegExp(`^${option} must (be|have) `)) });
  });

  it.each([null, 0, 'failureThreshold', true, [], [{ failureThreshold: 3 }], () => {}, 1n])(
    'refuses %s instead of an object of options',
    (options) => {
      expect(errorOf(make, options)).toBeInstanceOf(BreakerOptionsError);
      expect(errorOf(make, options)).toMatchObject({ option: 'options' });
    },
  );

  it('takes options that are undefined for left out', () => {
    const undefinedOptions = Object.fromEntries(Object.keys(refused).map((option) => [option, undefined]));
    expect(() => make(undefinedOptions)).not.toThrow();
    expect(() => make(undefined)).not.toThrow();
    expect(() => make({})).not.toThrow();
  });
});

describe('createBreaker', () => {
  it('says what is wanted and what was received', () => {
    const messages = [{ failureThreshold: 0 }, { recoveryTimeout: '5s' }, { name: '' }, { onOpen: 7 }].map((options) =>
      String(errorOf((given) => Reflect.apply(createBreaker, undefined, [given]), options)),
    );
    expect(messages).toEqual([
      'BreakerOptionsError: failureThreshold must be an integer from 1 to 2147483647, but was 0.',
      'BreakerOptionsError: recoveryTimeout must be a duration in milliseconds from 1 to 2147483647, but was "5s".',
      'BreakerOptionsError: name must be a non-empty string, but was "".',
      'BreakerOptionsError: onOpen must be a function, but was 7.',
    ]);
  });

  it('prints no long value that it refuses: it may be a secret', () => {
    const secret = 'sk-'.padEnd(60, 'x');
    const make = (options: unknown) => Reflect.apply(createBreaker, undefined, [options]);
    for (const options of [
      { recoveryTimeout: secret },
      { clock: secret },
      { fallback: { secret } },
      { inspect: secret },
    ])
      expect(String(errorOf(make, options))).not.toContain(secret);
  });

  it('has set no timer and called nothing when it refuses an option', () => {
    const inspect = vi.fn();
    const clock = { now: vi.fn(() => 0), setTimeout: vi.fn(), clearTimeout: vi.fn() };
    const make = (options: unknown) => Reflect.apply(createBreaker, undefined, [options]);
    errorOf(make, { clock, inspect, onOpen: inspect, trialTimeout: 0 });
    for (const fn of [inspect, clock.now, clock.setTimeout, clock.clearTimeout]) expect(fn).not.toHaveBeenCalled();
  });

  it('judges an option that is a getter', () => {
    const options = {
      get failureThreshold() {
        return 0;
      },
    };
    expect(() => createBreaker(options)).toThrow(expect.objectContaining({ option: 'failureThreshold' }));
  });

  it('does not use an inherited option that it has not judged', () => {
    expect(() => createBreaker(Object.create({ timeout: 0 }))).toThrow(expect.objectContaining({ option: 'timeout' }));
    expect(() => createBreaker(Object.create({ failureThreshold: 0 }))).toThrow(
      expect.objectContaining({ option: 'failureThreshold' }),
    );
  });

  it('accepts every option at the ends of its range', () => {
    const longest = 2_147_483_647;
    for (const count of [1, 2, longest])
      for (const duration of [1, 1.5, longest])
        for (const rate of [Number.MIN_VALUE, 0.5, 1])
          expect(
            createBreaker({
              ...{ name: ' ', failureThreshold: count, halfOpenTrials: count, successThreshold: count },
              ...{ recoveryTimeout: duration, failureWindow: duration, trialTimeout: duration, timeout: duration },
              ...{ failureRateThreshold: rate, minimumCalls: count, slowCallThreshold: duration },
              ...{ excludedErrors: [], clock: createTestClock(), inspect: {} },
            }).state,
          ).toBe('closed');
  });

  it('is named breaker unless it is given a name', () => {
    expect(createBreaker().name).toBe('breaker');
    expect(createBreaker({ name: 'model' }).name).toBe('model');
    expect(createBreaker({ name: 'model' }).metrics().name).toBe('model');
  });
});
