import { rampShare } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';

describe('the share of a ramp', () => {
  it.each([
    [0, 0.25],
    [99.9, 0.25],
    [100, 0.5],
    [200, 0.75],
    [299.9, 0.75],
    [300, 1],
    [1e15, 1],
    [-1e15, 0.25],
  ])('is a function of the time that has passed: after %d ms %d', (elapsedMs, share) => {
    expect(rampShare({ steps: 3, stepDurationMs: 100 }, elapsedMs)).toBe(share);
  });

  it('is half of the calls where there is one step', () => {
    expect([0, 10].map((elapsed) => rampShare({ steps: 1, stepDurationMs: 10 }, elapsed))).toEqual([0.5, 1]);
  });

  it('is above 0, never shrinks, and is 1 exactly when the ramp is over', () => {
    const ramps = fc.record({
      steps: fc.integer({ min: 1, max: 1000 }),
      stepDurationMs: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(
        ramps,
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ramp, a, b) => {
          const rampMs = ramp.steps * ramp.stepDurationMs;
          const [early, late] = [Math.min(a, b) * rampMs, Math.max(a, b) * rampMs];
          expect(rampShare(ramp, early)).toBeGreaterThan(0);
          expect(rampShare(ramp, early)).toBeLessThanOrEqual(rampShare(ramp, late));
          for (const elapsed of [early, late]) expect(rampShare(ramp, elapsed) === 1).toBe(elapsed >= rampMs);
        },
      ),
      { numRuns: runs(1_000) },
    );
  });
});
