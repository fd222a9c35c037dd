import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from './facades.ts';
import { failWith, waysOfCalling } from './ways-of-calling.ts';

const thrown: readonly [string, unknown][] = [
  ['an Error', new Error('down')],
  ['an error of a class of its own', new (class ModelError extends TypeError {})('down')],
  ['a string', 'down'],
  ['an empty string', ''],
  ['null', null],
  ['undefined', undefined],
  ['false', false],
  ['zero', 0],
  ['a symbol', Symbol('down')],
  ['a frozen object', Object.freeze({ code: 'down' })],
  ['a frozen Error', Object.freeze(new Error('down'))],
  ['a function', () => 'down'],
];

const returned: readonly [string, unknown][] = [
  ['an object', { answer: 42 }],
  ['a frozen object', Object.freeze({ answer: 42 })],
  ['an Error', new Error('returned, not thrown')],
  ['a symbol', Symbol('answer')],
  ['a function', () => 'answer'],
  ['NaN', Number.NaN],
  ['minus zero', -0],
];

describe.each(waysOfCalling)('$name', ({ make }) => {
  it.each(thrown)('S-01 re-throws %s as the same value, and counts it', async (_name, error) => {
    const breaker = createBreaker();
    const reason = await reasonOf(make(breaker, failWith(error)));
    expect(reason).toBe(error);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, successes: 0 });
  });

  it.each(returned)('S-01 returns %s as the same value', async (_name, result) => {
    const breaker = createBreaker();
    expect(await make(breaker, () => result)).toBe(result);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 0, successes: 1 });
  });
});

/** An error that keeps a list of everything that is tried to be changed on it. */
function createWatchedError() {
  const attempts: string[] = [];
  const note = (attempt: string) => (_target: object, key?: unknown) => {
    attempts.push(`${attempt} ${String(key)}`);
    return true;
  };
  const error = new Proxy(new Error('down'), {
    set: note('set'),
    defineProperty: note('define'),
    deleteProperty: note('delete'),
    setPrototypeOf: note('set prototype'),
    preventExtensions: () => {
      attempts.push('prevent extensions');
      return false;
    },
  });
  return { error, attempts };
}

describe.each(facades)('$name', ({ create }) => {
  it.each(waysOfCalling)('S-01 writes nothing on an error of $name, also when it opens the circuit', async (way) => {
    const { error, attempts } = createWatchedError();
    const breaker = create({ clock: createTestClock(), failureThreshold: 1, onFailure: () => {} });
    await reasonOf(way.make(breaker, failWith(error)));
    breaker.metrics();
    const rejection = await reasonOf(breaker.call(() => {}));
    expect(CircuitBreakerOpenError.find(rejection)?.cause).toBe(error);
    expect(attempts).toEqual([]);
  });

  it('S-01 leaves the properties of an error as they were', async () => {
    const error = Object.assign(new Error('down'), { status: 503, headers: { 'retry-after': '1' } });
    const before = Object.getOwnPropertyDescriptors(error);
    const keys = Reflect.ownKeys(error);
    const breaker = create({ clock: createTestClock(), failureThreshold: 2 });
    for (let count = 0; count < 3; count++) await reasonOf(breaker.call(() => Promise.reject(error)));
    expect(breaker.state).toBe('open');
    expect(Object.getOwnPropertyDescriptors(error)).toEqual(before);
    expect(Reflect.ownKeys(error)).toEqual(keys);
  });
});
