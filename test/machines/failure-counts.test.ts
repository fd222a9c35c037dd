import {
  countFailures,
  countSuccess,
  type FailureCounts,
  noFailures,
  reachesThreshold,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const inARow = resolveSettings({ failureThreshold: 3 });
const inWindow = resolveSettings({ failureThreshold: 3, failureWindow: 100 });

const frozen = (counts: FailureCounts): FailureCounts =>
  Object.freeze({ ...counts, failureTimes: Object.freeze([...counts.failureTimes]) });

describe('counting failures in a row', () => {
  it('S-10 adds failures, and forgets all of them with a success', () => {
    const one = countFailures(frozen(noFailures), inARow, { at: 0, count: 1 });
    expect(one).toEqual({ consecutiveFailures: 1, failureTimes: [] });
    expect(countFailures(frozen(one), inARow, { at: 9, count: 4 })).toEqual({
      consecutiveFailures: 5,
      failureTimes: [],
    });
    expect(countSuccess(frozen(one))).toEqual(noFailures);
  });

  it.each([
    [0, 2, false],
    [0, 3, true],
    [2, 1, true],
    [1, 1, false],
    [2, 100, true],
  ])('S-10 after %d, another %d reach a threshold of 3: %s', (consecutiveFailures, count, isReached) => {
    expect(reachesThreshold({ consecutiveFailures, failureTimes: [] }, inARow, { at: 0, count })).toBe(isReached);
  });

  it('S-10 is not concerned with dates', () => {
    const counts = { consecutiveFailures: 2, failureTimes: [] };
    for (const at of [-1e15, 0, 1e15]) expect(reachesThreshold(counts, inARow, { at, count: 1 })).toBe(true);
  });
});

describe('counting failures within a window', () => {
  const with2 = frozen({ consecutiveFailures: 0, failureTimes: [1000, 1050] });

  it.each([
    [1050, true],
    [1100, true],
    [1100.5, false],
    [1101, false],
    [1000, true],
  ])('S-11 with failures at 1000 and 1050, a third at %d opens: %s', (at, isReached) => {
    expect(reachesThreshold(with2, inWindow, { at, count: 1 })).toBe(isReached);
  });

  it('S-11 keeps the failures through a success', () => {
    expect(countSuccess(with2).failureTimes).toEqual([1000, 1050]);
  });

  it('S-14 forgets what has left the window, and keeps no more than it needs', () => {
    expect(countFailures(with2, inWindow, { at: 1120, count: 1 }).failureTimes).toEqual([1050, 1120]);
    expect(countFailures(with2, inWindow, { at: 9000, count: 1 }).failureTimes).toEqual([9000]);
    expect(countFailures(with2, inWindow, { at: 1060, count: 100 }).failureTimes).toEqual([1060, 1060, 1060]);
  });

  it('S-11 takes the instant of each failure where they are given', () => {
    const report = { at: 1120, count: 2, times: [1019, 1120] };
    expect(countFailures(noFailures, inWindow, report)).toEqual({ consecutiveFailures: 2, failureTimes: [1120] });
    expect(reachesThreshold(with2, inWindow, report)).toBe(false);
    expect(reachesThreshold(with2, inWindow, { ...report, times: [1020, 1120] })).toBe(true);
  });

  it('S-27 takes a failure from the future for one of now', () => {
    const counts = countFailures(with2, inWindow, { at: 10, count: 1 });
    expect(counts.failureTimes).toEqual([10, 10, 10]);
    expect(reachesThreshold(counts, inWindow, { at: 111, count: 1 })).toBe(false);
  });

  it('S-17 agrees with a naive list, however the failures are reported, together or one by one', () => {
    const gaps = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(0, 99, 100, 101)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(gaps, fc.nat(), (list, cut) => {
        let at = 0;
        const times = list.map((gap) => {
          at += gap;
          return at;
        });
        const before = times.slice(0, cut % times.length);
        const rest = times.slice(before.length);
        const naive = times.filter((time) => at - time <= 100);

        const counts = before.reduce(
          (sum, time) => countFailures(frozen(sum), inWindow, { at: time, count: 1 }),
          noFailures,
        );
        const report = { at, count: rest.length, times: rest };
        expect(reachesThreshold(counts, inWindow, report)).toBe(naive.length >= 3);
        expect(countFailures(counts, inWindow, report)).toEqual({
          consecutiveFailures: times.length,
          failureTimes: naive.slice(-3),
        });
      }),
      { numRuns: 500 },
    );
  });
});
