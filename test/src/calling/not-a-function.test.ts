import { type CircuitBreaker, circuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

const notFunctions: readonly [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'callModel'],
  ['a number', 42],
  ['an object', { call: () => {} }],
  ['a promise', Promise.resolve('already called')],
];

const waysThatReject = ['call', 'run'] as const;
const waysThatThrow = ['callSync', 'wrap', 'wrapSync'] as const;

const states: readonly [string, (breaker: CircuitBreaker) => unknown][] = [
  ['closed', () => {}],
  ['open', (breaker) => breaker.trip()],
  ['isolated', (breaker) => breaker.isolate()],
  ['stopped', (breaker) => breaker.stop()],
];

/** Calls a method with an argument that its type forbids. */
function give(breaker: CircuitBreaker, method: (typeof waysThatReject | typeof waysThatThrow)[number], value: unknown) {
  return Reflect.apply(breaker[method], breaker, [value]);
}

describe.each(states)('while %s', (_state, enter) => {
  const setUp = () => {
    const heard: string[] = [];
    const breaker = createBreaker({
      clock: createTestClock(),
      fallback: () => heard.push('fallback'),
      onFailure: () => heard.push('failure'),
      onReject: () => heard.push('reject'),
    });
    enter(breaker);
    return { breaker, heard, before: breaker.metrics() };
  };

  describe.each(waysThatReject)('%s', (method) => {
    it.each(notFunctions)('S-04 rejects %s with a TypeError and counts nothing', async (_name, value) => {
      const { breaker, heard, before } = setUp();
      const promise = give(breaker, method, value);
      expect(await reasonOf(promise)).toBeInstanceOf(TypeError);
      expect(breaker.metrics()).toEqual(before);
      expect(heard).toEqual([]);
    });
  });

  describe.each(waysThatThrow)('%s', (method) => {
    it.each(notFunctions)('S-04 throws a TypeError for %s and counts nothing', (_name, value) => {
      const { breaker, heard, before } = setUp();
      expect(() => give(breaker, method, value)).toThrow(TypeError);
      expect(breaker.metrics()).toEqual(before);
      expect(heard).toEqual([]);
    });
  });
});

describe('a half-open circuit', () => {
  it('S-04 spends no trial slot on what is no function', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1000 });
    breaker.trip();
    clock.jump(1000);
    await reasonOf(give(breaker, 'call', undefined));
    await reasonOf(give(breaker, 'run', undefined));
    expect(() => give(breaker, 'callSync', undefined)).toThrow(TypeError);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, calls: 0 });
  });
});

it.each(notFunctions)('S-04 throws a TypeError where circuitBreaker is put in front of %s', (_name, value) => {
  expect(() => Reflect.apply(circuitBreaker(), undefined, [value])).toThrow(TypeError);
});

describe.each<[string, (breaker: CircuitBreaker, fn: () => unknown) => unknown]>([
  ['callSync', (breaker, fn) => breaker.callSync(fn)],
  ['wrapSync', (breaker, fn) => breaker.wrapSync(fn)()],
])('%s of a function that returns a promise', (_name, make) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);

  beforeEach(() => {
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
  });

  it('S-04 throws a TypeError that says to use call, and is neutral', async () => {
    const breaker = createBreaker({ failureThreshold: 2 });
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    expect(() => make(breaker, async () => 'answer')).toThrow(expect.objectContaining({ name: 'TypeError' }));
    expect(() => make(breaker, async () => 'answer')).toThrow(/promise.*\bcall\b/);
    expect(breaker.metrics()).toMatchObject({
      calls: 3,
      successes: 0,
      failures: 1,
      ignored: 2,
      consecutiveFailures: 1,
    });
  });

  it.each<[string, () => unknown]>([
    ['a promise', () => Promise.reject(new Error('down'))],
    ['a promise that rejects later', () => Promise.resolve().then(() => Promise.reject(new Error('down')))],
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
    ['a thenable', () => ({ then: (_resolve: unknown, reject: (error: Error) => void) => reject(new Error('down')) })],
  ])('S-04 handles the rejection of %s, which counts as no failure', async (_kind, fn) => {
    const breaker = createBreaker({ failureThreshold: 1 });
    expect(() => make(breaker, fn)).toThrow(TypeError);
    await flushMicrotasks();
    await flushMicrotasks();
    expect(unhandled).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, ignored: 1, inFlight: 0 });
  });

  it('S-04 gives its trial slot back', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1000 });
    breaker.trip();
    clock.jump(1000);
    expect(() => make(breaker, () => createDeferred().promise)).toThrow(TypeError);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0 });
    expect(breaker.callSync(() => 'the next trial')).toBe('the next trial');
    expect(breaker.state).toBe('closed');
  });
});
