import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failWith, waysOfCalling } from '../calling/ways-of-calling.ts';

const down = new Error('down');
const recoveryTimeout = 1000;

interface RateOptions {
  readonly failureRateThreshold: number;
  readonly windowSize: number;
  readonly minimumCalls: number;
}

const rateOf = (failureRateThreshold: number, windowSize: number, minimumCalls: number): RateOptions => ({
  failureRateThreshold,
  windowSize,
  minimumCalls,
});

/** Histories of failures (F) and successes (S) of which the last end opens, or does not; none before it does. */
const histories: readonly [name: string, options: RateOptions, history: string, opens: boolean][] = [
  ['exactly the rate, at exactly the minimum', rateOf(0.5, 10, 4), 'SSFF', true],
  ['just below the rate', rateOf(0.5, 10, 4), 'SSSFF', false],
  ['exactly the rate, above the minimum', rateOf(0.5, 10, 4), 'SSSFFF', true],
  ['the rate, but too few calls', rateOf(0.5, 10, 4), 'FFF', false],
  ['all failing, at the minimum', rateOf(1, 10, 4), 'FFFF', true],
  ['all failing but the first', rateOf(1, 10, 4), 'SFFFFFFFFF', false],
  ['all of the last ten failing', rateOf(1, 10, 4), 'SFFFFFFFFFF', true],
  ['a rate that is no binary fraction', rateOf(0.1, 10, 10), 'SSSSSSSSSF', true],
  ['three tenths, exactly', rateOf(0.3, 10, 10), 'FFSSSSSSSF', true],
  ['two tenths of three', rateOf(0.3, 10, 10), 'FSSSSSSSSF', false],
  ['two thirds', rateOf(2 / 3, 3, 3), 'SFF', true],
  ['one call is enough', rateOf(1, 1, 1), 'F', true],
  ['one call, many successes before', rateOf(1, 1, 1), 'SSSSSF', true],
  ['a success as the last end, though the rate is reached with it', rateOf(0.5, 10, 4), 'FFFS', false],
  ['the failure after that success', rateOf(0.5, 10, 4), 'FFFSF', true],
  ['successes that push successes out', rateOf(0.5, 4, 4), 'FSSSSSSSSF', false],
  ['failures that have left the window', rateOf(0.5, 4, 4), 'FSSSF', false],
  ['a failure in the place of a failure', rateOf(0.75, 4, 4), 'FFSSFF', false],
  ['failures still inside the window', rateOf(0.5, 4, 4), 'SFSSF', true],
  ['failures in a row, without a rate', rateOf(0.9, 100, 10), 'SSSSSSFFFFF', false],
];

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfCalling)('$name', ({ make }) => {
    it.each(histories)('S-12 judges the rate of the last calls: %s', async (_name, options, history, opens) => {
      const breaker = create({ clock: createTestClock(), ...options });
      for (const end of history) {
        expect(breaker.state).toBe('closed');
        await make(breaker, end === 'F' ? failWith(down) : () => 'answer').catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    });
  });

  it('S-12 has ten calls as the minimum unless it is told otherwise', () => {
    const breaker = create({ clock: createTestClock(), failureRateThreshold: 0.1, windowSize: 20 });
    for (let call = 0; call < 9; call++) breaker.acquire().fail(down);
    expect(breaker.state).toBe('closed');
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-12 has the ends that say nothing in neither number: neutral, cancelled, rejected', () => {
    const breaker = create({ clock: createTestClock(), ...rateOf(0.5, 4, 4) });
    const settle = (end: 'succeed' | 'fail' | 'ignore' | 'cancel') => breaker.acquire()[end]();
    for (const end of ['succeed', 'succeed', 'fail'] as const) settle(end);
    for (let call = 0; call < 10; call++) settle(call % 2 === 0 ? 'ignore' : 'cancel');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 / 3, failures: 1, ignored: 5 });
    settle('fail');
    expect(breaker.state).toBe('open');
    expect(breaker.tryAcquire()).toBeUndefined();
  });

  it('S-12 is not moved by rejections of an open circuit or of a half-open one', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout, ...rateOf(0.5, 4, 4) });
    for (let call = 0; call < 4; call++) breaker.acquire().fail(down);
    for (let call = 0; call < 20; call++) expect(breaker.tryAcquire()).toBeUndefined();
    clock.jump(recoveryTimeout);
    const trial = breaker.acquire();
    for (let call = 0; call < 20; call++) expect(breaker.tryAcquire()).toBeUndefined();
    trial.succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 0, failures: 4, rejected: 40 });
  });

  it('S-12 tells the rate of the window, not that of its life', () => {
    const breaker = create({ clock: createTestClock(), ...rateOf(0.9, 4, 4) });
    const rates: number[] = [breaker.metrics().failureRate];
    for (const end of ['fail', 'succeed', 'fail', 'succeed', 'succeed', 'succeed', 'succeed'] as const) {
      breaker.acquire()[end]();
      rates.push(breaker.metrics().failureRate);
    }
    expect(rates).toEqual([0, 1, 0.5, 2 / 3, 0.5, 0.25, 0.25, 0]);
    expect(breaker.metrics()).toMatchObject({ failures: 2, successes: 5 });
  });

  it('S-13 counts a call when it ends, however late, as the newest of the window', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, ...rateOf(0.75, 4, 4) });
    const slow = createDeferred<string>();
    const call = breaker.call(() => slow.promise).catch(() => {});
    for (const end of ['succeed', 'succeed', 'fail', 'fail'] as const) breaker.acquire()[end]();
    clock.advance(3_600_000);
    slow.reject(down);
    await call;
    expect(breaker.state).toBe('open');
  });

  it('S-14 keeps the calls of the window over an idle gap: the window is a number of calls', () => {
    const clock = createTestClock();
    const breaker = create({ clock, ...rateOf(1, 4, 4) });
    for (let call = 0; call < 3; call++) breaker.acquire().fail(down);
    clock.advance(86_400_000);
    expect(breaker.metrics().failureRate).toBe(1);
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-15 opens once when many calls fail at once', async () => {
    const clock = createTestClock();
    const onOpen = vi.fn();
    const breaker = create({ clock, recoveryTimeout, onOpen, ...rateOf(0.5, 100, 10) });
    await Promise.all(Array.from({ length: 200 }, () => breaker.call(async () => failWith(down)()).catch(() => {})));
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(breaker.metrics()).toMatchObject({ calls: 200, failures: 200, retryAfterMs: recoveryTimeout });
  });

  it('S-16 starts with an empty window when the circuit closes, or is reset', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout, ...rateOf(0.5, 4, 2) });
    const closings = [
      () => {
        clock.jump(recoveryTimeout);
        breaker.acquire().succeed();
      },
      () => breaker.reset(),
    ];
    for (const close of closings) {
      breaker.acquire().fail(down);
      breaker.acquire().fail(down);
      expect(breaker.state).toBe('open');
      close();
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 0, consecutiveFailures: 0 });
      breaker.acquire().fail(down);
      expect(breaker.state).toBe('closed');
      breaker.reset();
    }
  });

  it('S-18 gives the call that trips its own error', async () => {
    const breaker = create({ clock: createTestClock(), ...rateOf(1, 1, 1) });
    const mine = new Error('mine');
    expect(await reasonOf(breaker.call(failWith(mine)))).toBe(mine);
    expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'open', cause: mine });
  });
});

describe('a breaker whose actor is read in the middle of a window', () => {
  it.each(histories)('S-12 judges the rate of the last calls: %s', async (_name, options, history, opens) => {
    for (let readAt = 0; readAt < history.length; readAt++) {
      const breaker = createBreaker({ clock: createTestClock(), ...options });
      for (const [index, end] of [...history].entries()) {
        expect(breaker.state).toBe('closed');
        if (index === readAt) breaker.actor.getSnapshot();
        await breaker.call(end === 'F' ? failWith(down) : () => 'answer').catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    }
  });

  it('S-12 ignores an error that does not count in both numbers', () => {
    const breaker = createBreaker({ excludedErrors: [TypeError], ...rateOf(0.5, 4, 4) });
    for (let call = 0; call < 10; call++) breaker.acquire().fail(new TypeError());
    for (const end of ['succeed', 'succeed', 'fail'] as const) breaker.acquire()[end]();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 / 3 });
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });
});
