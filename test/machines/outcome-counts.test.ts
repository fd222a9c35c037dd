import {
  callsInWindow,
  countFailures,
  countSuccesses,
  noOutcomes,
  type OutcomeCounts,
  reachesThreshold,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';

const inARow = resolveSettings({ failureThreshold: 3 });
const inWindow = resolveSettings({ failureThreshold: 3, failureWindow: 100 });

const frozen = (counts: OutcomeCounts): OutcomeCounts =>
  Object.freeze({
    ...counts,
    failureTimes: Object.freeze([...counts.failureTimes]),
    window: Object.freeze(counts.window),
  });
const with2 = frozen({ ...noOutcomes, failureTimes: [1000, 1050] });
const nothing = { calls: 0, failures: 0, slow: 0 };

describe('counting failures in a row', () => {
  it('S-10 adds failures, and forgets all of them with a success', () => {
    const one = countFailures(frozen(noOutcomes), inARow, { at: 0, count: 1 });
    expect(one).toMatchObject({ consecutiveFailures: 1, failureTimes: [] });
    expect(countFailures(frozen(one), inARow, { at: 9, count: 4 })).toMatchObject({ consecutiveFailures: 5 });
    expect(countSuccesses(frozen(one), inARow, { at: 9, count: 1 })).toMatchObject({ consecutiveFailures: 0 });
  });

  it.each([
    [0, 2, false],
    [0, 3, true],
    [2, 1, true],
    [1, 1, false],
    [2, 100, true],
    [2, 2 ** 40, true],
  ])('S-10 after %d, another %d reach a threshold of 3: %s', (consecutiveFailures, count, isReached) => {
    expect(reachesThreshold({ ...noOutcomes, consecutiveFailures }, inARow, { at: 0, count })).toBe(isReached);
  });

  it('S-10 is not concerned with dates', () => {
    const counts = { ...noOutcomes, consecutiveFailures: 2 };
    for (const at of [-1e15, 0, 1e15]) expect(reachesThreshold(counts, inARow, { at, count: 1 })).toBe(true);
  });

  it('keeps the tally of the whole period for the rates', () => {
    const failed = countFailures(noOutcomes, inARow, { at: 0, count: 2, isSlow: true });
    const counts = countSuccesses(failed, inARow, { at: 1e12, count: 3 });
    expect(callsInWindow(frozen(counts), inARow, 1e15)).toEqual({ calls: 5, failures: 2, slow: 2 });
    expect(callsInWindow(noOutcomes, inARow, 0)).toEqual(nothing);
  });
});

describe('counting failures within a window', () => {
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
    expect(countSuccesses(with2, inWindow, { at: 1050, count: 5 }).failureTimes).toEqual([1000, 1050]);
  });

  it('S-14 forgets what has left the window, and keeps no more than it needs', () => {
    expect(countFailures(with2, inWindow, { at: 1120, count: 1 }).failureTimes).toEqual([1050, 1120]);
    expect(countFailures(with2, inWindow, { at: 9000, count: 1 }).failureTimes).toEqual([9000]);
    expect(countFailures(with2, inWindow, { at: 1060, count: 100 }).failureTimes).toEqual([1060, 1060, 1060]);
  });

  it('S-27 takes a failure from the future for one of now', () => {
    const counts = countFailures(with2, inWindow, { at: 10, count: 1 });
    expect(counts.failureTimes).toEqual([10, 10, 10]);
    expect(reachesThreshold(counts, inWindow, { at: 111, count: 1 })).toBe(false);
  });
});
