import { createBreakerMachine } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { errorOf, type Maker, machineMakers, makers, startActor } from './makers.ts';
import { notCounts, notDurations, refusedInput } from './refused-input.ts';

const refusals = Object.entries(refusedInput).flatMap(([option, values]) => values.map((value) => ({ option, value })));

const notFactors = [0, -1, 0.5, 0.999, 1001, Number.NaN, Infinity, 2 ** 31, '2', null, true, {}, 2n, () => 2];
const notJitters = [-1, -0.001, 1.001, Number.NaN, Infinity, -Infinity, 2 ** 31, '0.5', null, true, {}, 0n];

/** Values that the properties of an option refuse. */
const refusedProperties = [
  { option: 'recoveryBackoff', property: 'factor', values: notFactors },
  { option: 'recoveryBackoff', property: 'maxRecoveryTimeout', values: notDurations },
  { option: 'recoveryBackoff', property: 'jitter', values: notJitters },
  { option: 'recoveryRamp', property: 'steps', values: [...notCounts, 1001] },
  { option: 'recoveryRamp', property: 'stepDuration', values: notDurations },
].flatMap(({ values, ...named }) => values.map((value) => ({ ...named, value })));

/** An option with all its properties right, but for what is added. */
function withProperty(option: string, properties: object): object {
  const right = option === 'recoveryRamp' ? { steps: 3, stepDuration: 1000 } : {};
  return { [option]: { ...right, ...properties } };
}

/** The error of options that are refused, once it is known to name the option. */
function refusalOf(make: Maker, options: object, option: string): string {
  const error = errorOf(make, options);
  expect(error).toMatchObject({ name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option });
  return String(Reflect.get(Object(error), 'message'));
}

describe.each(machineMakers)('%s', (_name, make) => {
  it.each(refusals)('refuses $value as $option, and names the option', ({ option, value }) => {
    expect(refusalOf(make, { [option]: value }, option)).toMatch(new RegExp(`^${option} must be `));
  });

  it('takes options that are undefined for left out', () => {
    const undefinedOptions = Object.fromEntries(Object.keys(refusedInput).map((option) => [option, undefined]));
    expect(() => make(undefinedOptions)).not.toThrow();
    expect(() => make({})).not.toThrow();
  });
});

describe.each(makers)('%s, given properties of an option', (_name, make) => {
  it.each(refusedProperties)('refuses $value as $option.$property, and names both', ({ option, property, value }) => {
    const message = refusalOf(make, withProperty(option, { [property]: value }), option);
    expect(message).toMatch(new RegExp(`^${option}\\.${property} must be `));
  });

  it.each([
    ['recoveryBackoff', 'multiplier', 'Known options are: factor, maxRecoveryTimeout, jitter.'],
    ['recoveryBackoff', 'max_recovery_timeout', 'Did you mean maxRecoveryTimeout?'],
    ['recoveryBackoff', 'constructor', 'Known options are: factor, maxRecoveryTimeout, jitter.'],
    ['recoveryRamp', 'step', 'Did you mean steps?'],
    ['recoveryRamp', 'duration', 'Known options are: steps, stepDuration.'],
    ['recoveryRamp', 'toString', 'Known options are: steps, stepDuration.'],
  ])('refuses %s.%s, which does not exist, with a hint', (option, property, hint) => {
    const message = refusalOf(make, withProperty(option, { [property]: 5 }), option);
    expect(message).toBe(`In ${option}, "${property}" is not an option here. ${hint}`);
  });

  it.each([
    [{}, 'steps'],
    [{ steps: 3 }, 'stepDuration'],
    [{ stepDuration: 1000 }, 'steps'],
    [{ steps: 3, stepDuration: undefined }, 'stepDuration'],
  ])('refuses a ramp that lacks a property: %o', (recoveryRamp, property) => {
    const message = refusalOf(make, { recoveryRamp }, 'recoveryRamp');
    expect(message).toMatch(new RegExp(`^recoveryRamp\\.${property} must be .+, but was undefined\\.$`));
  });

  it.each([
    { recoveryBackoff: {} },
    { recoveryBackoff: { factor: undefined, maxRecoveryTimeout: undefined, jitter: undefined } },
    { recoveryBackoff: { jitter: 0 } },
    { recoveryBackoff: { jitter: 1 } },
    { recoveryBackoff: { factor: 1 } },
    { recoveryBackoff: { factor: 1.5 } },
    { recoveryBackoff: { factor: 1000 } },
    { recoveryBackoff: { maxRecoveryTimeout: 2_147_483_647 } },
    { recoveryBackoff: { maxRecoveryTimeout: 60_000 } },
    { recoveryRamp: { steps: 1, stepDuration: 1 } },
    { recoveryRamp: { steps: 1000, stepDuration: 1.5 } },
    { recoveryRamp: { steps: 1, stepDuration: 2_147_483_647 } },
  ])('accepts what is at the end of its range: %o', (options) => {
    expect(() => make(options)).not.toThrow();
  });

  it('prints no long value that it refuses: it may be a secret', () => {
    const secret = 'sk-'.padEnd(60, 'x');
    for (const options of [
      withProperty('recoveryBackoff', { factor: secret }),
      withProperty('recoveryRamp', { steps: secret }),
      { recoveryBackoff: secret },
    ])
      expect(String(errorOf(make, options))).not.toContain(secret);
  });
});

describe('a function as recoveryBackoff', () => {
  it.each(makers.slice(0, 4))('is accepted by %s', (_name, make) => {
    expect(() => make({ recoveryBackoff: () => 1000 })).not.toThrow();
  });

  it.each(makers.slice(4))('is refused by %s: what an actor is given is data', (_name, make) => {
    const message = refusalOf(make, { recoveryBackoff: () => 1000 }, 'recoveryBackoff');
    expect(message).toMatch(/^recoveryBackoff must be an object/);
  });
});

describe('the input of an actor', () => {
  it('is judged although the options of its machine are right', () => {
    const machine = createBreakerMachine({ recoveryRamp: { steps: 2, stepDuration: 10 }, recoveryBackoff: {} });
    const make = (input: unknown) => startActor(machine, input);
    expect(refusalOf(make, { recoveryRamp: { steps: 0, stepDuration: 10 } }, 'recoveryRamp')).toContain('.steps');
    expect(refusalOf(make, { recoveryBackoff: { jitter: 2 } }, 'recoveryBackoff')).toContain('.jitter');
  });
});
