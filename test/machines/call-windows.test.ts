import {
  type CallTally,
  callsInWindow,
  countFailures,
  countSuccesses,
  noOutcomes,
  type OutcomeCounts,
  reachesThreshold,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { patience } from './running-breaker.ts';

/** Calls that ended alike at the same time, after a gap. */
interface Step {
  readonly gap: number;
  readonly end: 'succeeded' | 'failed' | 'slow';
  readonly count: number;
  /** Whether the counts go through JSON first, as on the way to another process. */
  readonly isStored: boolean;
}

/** One call of the naive list. */
interface Ended {
  readonly at: number;
  readonly end: Step['end'];
}

function stepsWithGaps(gaps: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const step = fc.record({
    gap: gaps,
    end: fc.constantFrom('succeeded' as const, 'failed' as const, 'failed' as const, 'slow' as const),
    count: fc.constantFrom(1, 1, 1, 2, 7, 50),
    isStored: fc.boolean(),
  });
  return fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });
}

const minimumCalls = 4;
const rates = fc.constantFrom(0.1, 0.25, 1 / 3, 0.5, 0.9, 1);

function tallyOf(list: readonly Ended[]): CallTally {
  const failures = list.filter(({ end }) => end !== 'succeeded').length;
  return { calls: list.length, failures, slow: list.filter(({ end }) => end === 'slow').length };
}

const opensAt = ({ calls, failures }: CallTally, rate: number) => calls >= minimumCalls && failures / calls >= rate;

function roundTrip(counts: OutcomeCounts): OutcomeCounts {
  return JSON.parse(JSON.stringify(counts));
}

describe('the rate of the last calls', () => {
  const steps = stepsWithGaps(fc.constantFrom(0, 1, 1e9));

  it(
    'S-12 S-17 agrees with a naive list of all outcomes, exactly, for random histories',
    () => {
      fc.assert(
        fc.property(steps, rates, fc.integer({ min: minimumCalls, max: 70 }), (history, rate, windowSize) => {
          const settings = resolveSettings({ failureRateThreshold: rate, minimumCalls, windowSize });
          const all: Ended[] = [];
          let counts = noOutcomes;
          let at = 0;
          for (const { gap, end, count, isStored } of history) {
            at += gap;
            if (isStored) counts = roundTrip(counts);
            for (let call = 0; call < count; call++) all.push({ at, end });
            const expected = tallyOf(all.slice(-windowSize));
            const report = { at, count, isSlow: end === 'slow' };
            if (end !== 'succeeded') expect(reachesThreshold(counts, settings, report)).toBe(opensAt(expected, rate));
            counts = (end === 'succeeded' ? countSuccesses : countFailures)(Object.freeze(counts), settings, report);
            expect(callsInWindow(counts, settings, at)).toEqual(expected);
            const kept = counts.window.older.join('').length + counts.window.newest.length;
            expect(kept).toBeLessThanOrEqual(windowSize + 2 * 16);
          }
        }),
        { numRuns: runs(1_500) },
      );
    },
    patience,
  );
});

describe('the rate over time', () => {
  const failureWindow = 100;
  const gaps = fc.oneof(fc.nat(25), fc.constantFrom(0, 9.5, 10, 10.5, 90, 99, 100, 100.5, 1000));

  it(
    'S-12 S-14 S-17 holds what is younger than nine tenths of the window and nothing older than it, in ten slices',
    () => {
      fc.assert(
        fc.property(stepsWithGaps(gaps), rates, (history, rate) => {
          const settings = resolveSettings({ failureRateThreshold: rate, minimumCalls, failureWindow });
          const all: Ended[] = [];
          let counts = noOutcomes;
          let at = 1_000_000;
          for (const { gap, end, count, isStored } of history) {
            at += gap;
            if (isStored) counts = roundTrip(counts);
            for (let call = 0; call < count; call++) all.push({ at, end });
            const report = { at, count, isSlow: end === 'slow' };
            const opens = reachesThreshold(counts, settings, report);
            counts = (end === 'succeeded' ? countSuccesses : countFailures)(Object.freeze(counts), settings, report);

            const atLeast = tallyOf(all.filter((ended) => at - ended.at < failureWindow * 0.9));
            const atMost = tallyOf(all.filter((ended) => at - ended.at <= failureWindow));
            const found = callsInWindow(counts, settings, at);
            for (const part of ['calls', 'failures', 'slow'] as const) {
              expect(found[part]).toBeGreaterThanOrEqual(atLeast[part]);
              expect(found[part]).toBeLessThanOrEqual(atMost[part]);
            }
            // What is forgotten is always the oldest: the window is the list from some instant on.
            expect(suffixTallies(all)).toContainEqual(found);
            if (end !== 'succeeded') expect(opens).toBe(opensAt(found, rate));
            expect(counts.window.slices.length).toBeLessThanOrEqual(10);
          }
        }),
        { numRuns: runs(1_500) },
      );
    },
    patience,
  );

  it('S-14 is empty after an idle gap, without another call', () => {
    const settings = resolveSettings({ failureRateThreshold: 0.5, minimumCalls, failureWindow });
    const counts = countFailures(noOutcomes, settings, { at: 0, count: 100 });
    expect(callsInWindow(counts, settings, 100)).toEqual({ calls: 100, failures: 100, slow: 0 });
    expect(callsInWindow(counts, settings, 100.5)).toEqual({ calls: 0, failures: 0, slow: 0 });
  });

  it('S-27 lets nothing outlive its window after the clock went back', () => {
    const settings = resolveSettings({ failureRateThreshold: 0.5, minimumCalls, failureWindow });
    const before = countFailures(noOutcomes, settings, { at: 3_600_000, count: 3 });
    const counts = countFailures(before, settings, { at: 1000, count: 1 });
    expect(callsInWindow(counts, settings, 1000)).toMatchObject({ calls: 4 });
    expect(callsInWindow(counts, settings, 1101)).toMatchObject({ calls: 0 });
  });
});

function suffixTallies(list: readonly Ended[]): readonly CallTally[] {
  const starts = [...new Set(list.map(({ at }) => at)), Number.POSITIVE_INFINITY];
  return starts.map((start) => tallyOf(list.filter(({ at }) => at >= start)));
}
