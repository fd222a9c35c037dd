import { CircuitBreakerOpenError, circuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from './facades.ts';
import { recoveryTimeout, rejectingStates } from './rejecting-states.ts';
import { failWith, waysOfBeingRejected, waysOfFallingBack } from './ways-of-calling.ts';

const down = new Error('down');

describe.each(facades)('$name', ({ create }) => {
  describe.each(rejectingStates)('$name', ({ reason, enter }) => {
    it.each(waysOfFallingBack)('S-06 gives $name to the fallback, once, with rejection and arguments', async (way) => {
      const clock = createTestClock();
      const fallback = vi.fn((..._args: unknown[]): unknown => 'from the fallback');
      const breaker = create({ clock, failureThreshold: 1, recoveryTimeout, fallback });
      enter(breaker, clock);
      const fn = vi.fn();
      expect(await way.make(breaker, fn)).toBe('from the fallback');
      expect(fn).not.toHaveBeenCalled();
      expect(fallback.mock.calls).toEqual([[expect.any(CircuitBreakerOpenError), 1, 'two']]);
      expect(fallback.mock.calls[0]?.[0]).toMatchObject({ reason, breaker: 'breaker' });
    });
  });

  it.each(waysOfFallingBack)('S-06 returns what the fallback of $name returns, whatever it is', async ({ make }) => {
    for (const result of [undefined, null, false, 0, '', { answer: 42 }]) {
      const breaker = create({ clock: createTestClock(), fallback: () => result });
      breaker.trip();
      expect(await make(breaker, () => 'answer')).toBe(result);
    }
  });

  it.each(waysOfFallingBack)('S-06 lets what the fallback of $name throws reach the caller', async ({ make }) => {
    for (const error of [down, 'down', null, undefined]) {
      const report = vi.fn();
      const breaker = create({ clock: createTestClock(), fallback: failWith(error), onCallbackError: report });
      breaker.trip();
      expect(await reasonOf(make(breaker, () => 'answer'))).toBe(error);
      expect(report).not.toHaveBeenCalled();
    }
  });

  it('S-06 awaits an async fallback, and lets its error reach the caller', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, fallback: async (_rejection, model) => `${model} from the cache` });
    breaker.trip();
    expect(await breaker.call((_model: string) => 'answer', 'small')).toBe('small from the cache');
    expect(await breaker.wrap((_model: string) => 'answer')('large')).toBe('large from the cache');
    const failing = create({ clock, fallback: () => Promise.reject(down) });
    failing.trip();
    expect(await reasonOf(failing.call(() => 'answer'))).toBe(down);
  });

  it.each<[string, () => unknown]>([
    ['returns', () => 'from the fallback'],
    ['throws', failWith(down)],
  ])('S-06 counts neither end of a fallback that %s', async (_name, fallback) => {
    const heard: string[] = [];
    const breaker = create({
      clock: createTestClock(),
      ...{ failureThreshold: 1, fallback },
      onSuccess: () => heard.push('success'),
      onFailure: () => heard.push('failure'),
    });
    breaker.trip();
    const before = breaker.metrics();
    for (const { make } of waysOfFallingBack) await make(breaker, () => 'answer').catch(() => {});
    expect(breaker.metrics()).toEqual({ ...before, rejected: waysOfFallingBack.length });
    expect(heard).toEqual([]);
  });

  it.each(waysOfBeingRejected)(
    'S-06 does not fall back when $name itself fails, also as it opens the circuit',
    async ({ make }) => {
      const fallback = vi.fn();
      const breaker = create({ clock: createTestClock(), failureThreshold: 1, fallback });
      expect(await reasonOf(make(breaker, failWith(down)))).toBe(down);
      expect(breaker.state).toBe('open');
      expect(fallback).not.toHaveBeenCalled();
    },
  );

  it.each(waysOfFallingBack)(
    'S-06 does not fall back when $name fails with the rejection of another breaker',
    async ({ make }) => {
      const inner = createBreaker();
      inner.trip();
      const fallback = vi.fn();
      const outer = create({ clock: createTestClock(), fallback });
      const reason = await reasonOf(make(outer, () => inner.acquire()));
      expect(reason).toBeInstanceOf(CircuitBreakerOpenError);
      expect(outer.metrics()).toMatchObject({ failures: 1, rejected: 0 });
      expect(fallback).not.toHaveBeenCalled();
    },
  );

  it('S-06 has no fallback for a permit', () => {
    const fallback = vi.fn();
    const breaker = create({ clock: createTestClock(), fallback });
    breaker.trip();
    expect(() => breaker.acquire()).toThrow(CircuitBreakerOpenError);
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(fallback).not.toHaveBeenCalled();
  });

  it('S-06 gives a fallback that is rejected by its own breaker the rejection', async () => {
    const fallback = vi.fn(() => breaker.callSync(() => 'answer'));
    const breaker = create({ clock: createTestClock(), fallback });
    breaker.trip();
    expect(await reasonOf(breaker.call(() => 'answer'))).toBeInstanceOf(CircuitBreakerOpenError);
    expect(() => breaker.callSync(() => 'answer')).toThrow(CircuitBreakerOpenError);
    expect(fallback).toHaveBeenCalledTimes(2);
  });
});

describe('run', () => {
  it('S-06 gives the fallback nothing but the rejection', async () => {
    const fallback = vi.fn((..._args: unknown[]): unknown => 'from the fallback');
    const breaker = createBreaker({ fallback });
    breaker.trip();
    expect(await breaker.run(() => 'answer')).toBe('from the fallback');
    expect(fallback.mock.calls).toEqual([[expect.any(CircuitBreakerOpenError)]]);
  });

  it('S-06 prefers its own fallback to that of the breaker', async () => {
    const fallback = vi.fn();
    const breaker = createBreaker({ fallback });
    breaker.trip();
    expect(await breaker.run(() => 'answer', { fallback: async () => 'own' })).toBe('own');
    expect(await reasonOf(breaker.run(() => 'answer', { fallback: failWith(down) }))).toBe(down);
    expect(fallback).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ calls: 0, failures: 0, successes: 0, rejected: 2 });
  });

  it('S-06 does not fall back on a deadline or an abort', async () => {
    const clock = createTestClock();
    const fallback = vi.fn();
    const breaker = createBreaker({ clock, fallback });
    const never = () => new Promise(() => {});
    const late = breaker.run(never, { timeout: 100, fallback });
    clock.advance(100);
    expect(await reasonOf(late)).toMatchObject({ name: 'CallTimeoutError' });
    expect(await reasonOf(breaker.run(never, { signal: AbortSignal.abort(down), fallback }))).toBe(down);
    expect(fallback).not.toHaveBeenCalled();
  });
});

it('S-06 does not fall back on an error that does not count', async () => {
  const fallback = vi.fn();
  const breaker = createBreaker({ fallback, excludedErrors: [RangeError], failureThreshold: 1 });
  const error = new RangeError('bad input');
  expect(await reasonOf(breaker.call(failWith(error)))).toBe(error);
  expect(fallback).not.toHaveBeenCalled();
});

it('S-06 gives a function behind circuitBreaker its fallback with its arguments', async () => {
  const fallback = vi.fn((..._args: unknown[]): unknown => 'from the fallback');
  const guarded = circuitBreaker({ fallback })((prompt: string, temperature: number) => `${prompt} ${temperature}`);
  expect(await guarded('Hello', 1)).toBe('Hello 1');
  guarded.breaker.trip();
  expect(await guarded('Hello', 1)).toBe('from the fallback');
  expect(fallback.mock.calls).toEqual([[expect.any(CircuitBreakerOpenError), 'Hello', 1]]);
});
