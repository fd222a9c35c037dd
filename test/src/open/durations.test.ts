import { type BreakerOptions, BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const longest = 2_147_483_647;
const durationOptions = ['recoveryTimeout', 'failureWindow', 'trialTimeout', 'timeout'] as const;

const notDurations: readonly [string, unknown][] = [
  ['2^31', 2 ** 31],
  ['just above 2^31 - 1', longest + 0.5],
  ['2^32 + 1, which a timer takes for 1', 2 ** 32 + 1],
  ['Number.MAX_VALUE', Number.MAX_VALUE],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
  ['0', 0],
  ['-0', -0],
  ['less than a millisecond', 0.999],
  ['-1', -1],
  ['-(2^31)', -(2 ** 31)],
  ['a numeric string', '1000'],
  ['null', null],
  ['true', true],
  ['a bigint', 1000n],
  ['a date', new Date(1000)],
  ['a list', [1000]],
];

/** A clock that fails the test when a timer is set. */
function createClockWithoutTimers() {
  return { ...createTestClock(), setTimeout: () => expect.unreachable('a timer was set') };
}

describe.each(durationOptions)('%s', (option) => {
  it.each(notDurations)('S-26 refuses %s at construction, and sets no timer', (_name, value) => {
    const clock = createClockWithoutTimers();
    const create = () => Reflect.apply(createBreaker, undefined, [{ clock, [option]: value }]);
    expect(create).toThrow(BreakerOptionsError);
    expect(create).toThrow(expect.objectContaining({ option, code: 'ERR_BREAKER_OPTIONS' }));
    expect(create).toThrow(/from 1 to 2147483647/);
  });

  it.each([1, 1.5, 1000, longest - 0.5, longest])('S-26 accepts %d', (ms) => {
    const options: BreakerOptions = { clock: createTestClock(), [option]: ms };
    expect(createBreaker(options).state).toBe('closed');
  });
});

it.each(notDurations)(
  'S-26 refuses %s as the timeout of one run, without calling the function',
  async (_name, value) => {
    const breaker = createBreaker({ clock: createClockWithoutTimers() });
    const fn = vi.fn();
    const reason = await reasonOf(Reflect.apply(breaker.run, breaker, [fn, { timeout: value }]));
    expect(reason).toBeInstanceOf(BreakerOptionsError);
    expect(reason).toMatchObject({ option: 'timeout' });
    expect(fn).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ calls: 0, failures: 0, rejected: 0 });
  },
);

describe('the longest duration', () => {
  it('S-26 is waited for in full by an open circuit', async () => {
    const clock = createTestClock();
    const onHalfOpen = vi.fn();
    const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout: longest, onHalfOpen });
    await failTimes(breaker, 1);
    clock.advance(1);
    await flushMicrotasks();
    expect(breaker.state).toBe('open');
    clock.advance(longest - 2);
    expect(breaker.state).toBe('open');
    clock.advance(1);
    await flushMicrotasks();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
  });

  it('S-26 is waited for in full by a run', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock });
    const call = breaker.run(() => new Promise(() => {}), { timeout: longest });
    clock.advance(longest - 1);
    await flushMicrotasks();
    expect(breaker.metrics()).toMatchObject({ inFlight: 1, timeouts: 0 });
    clock.advance(1);
    expect(await reasonOf(call)).toMatchObject({ name: 'CallTimeoutError', timeoutMs: longest });
  });

  it('S-26 is the lease of a trial in full', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1000, trialTimeout: longest });
    breaker.trip();
    clock.advance(1000);
    breaker.acquire();
    clock.advance(longest - 1);
    expect(breaker.tryAcquire()).toBeUndefined();
    clock.advance(1);
    expect(breaker.tryAcquire()).toBeDefined();
  });

  it('S-26 never reaches a platform timer as more than it can wait, whenever the timer is set', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    for (let count = 0; count < 100; count++) {
      using breaker = createBreaker({ recoveryTimeout: longest });
      breaker.trip();
    }
    const delays = timers.mock.calls.map(([, ms]) => Number(ms));
    timers.mockRestore();
    expect(delays).toHaveLength(100);
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest);
    expect(Math.min(...delays)).toBeGreaterThan(longest - 60_000);
  });
});
