import { type BreakerEvent, callFailed } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { patience, startBreaker, times } from './running-breaker.ts';

const ok: BreakerEvent = { type: 'call.succeeded' };
const bad: BreakerEvent = { type: 'call.failed' };

describe('closed, counting failures within a window', () => {
  it('S-11 opens on failureThreshold failures, whatever succeeds between them', () => {
    const breaker = startBreaker({ failureThreshold: 3, failureWindow: 1000 });
    breaker.send(bad, ok, ok, bad, ok, { type: 'call.succeeded', count: 1000 });
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it.each([
    [1000, 'open'],
    [1001, 'closed'],
    [1000.5, 'closed'],
  ] as const)('S-11 with a window of 1000 ms and two failures %d ms apart is %s', (gap, leaf) => {
    const breaker = startBreaker({ failureThreshold: 2, failureWindow: 1000 });
    breaker.send(bad);
    breaker.clock.advance(gap);
    breaker.send(bad);
    expect(breaker.leaf).toBe(leaf);
  });

  it('S-11 takes the window to end at the date of the failure, not at its arrival', () => {
    const breaker = startBreaker({ failureThreshold: 2, failureWindow: 1000 });
    const start = breaker.clock.now();
    breaker.send({ type: 'call.failed', at: start });
    breaker.clock.advance(5000);
    breaker.send({ type: 'call.failed', at: start + 1000 });
    expect(breaker.leaf).toBe('open');
    expect(breaker.context.since).toBe(start + 1000);
  });

  it('S-14 opens on no failures that an idle gap has aged, however many there were', () => {
    const breaker = startBreaker({ failureThreshold: 3, failureWindow: 1000 });
    for (let n = 0; n < 20; n++) {
      breaker.send(bad, bad);
      breaker.clock.advance(60_000);
    }
    expect(breaker.leaf).toBe('closed');
    expect(breaker.emitted).toEqual([]);
  });

  it(
    'S-17 agrees with a naive list of all outcomes, for random histories and gaps',
    () => {
      const outcome = fc.record({
        gap: fc.oneof(fc.nat(20), fc.nat(200), fc.constantFrom(0, 99, 100, 101)),
        failed: fc.boolean(),
        isDated: fc.boolean(),
      });
      const settings = fc.record({ failureThreshold: fc.integer({ min: 1, max: 6 }), failureWindow: fc.constant(100) });
      fc.assert(
        fc.property(settings, fc.array(outcome, { maxLength: 80, size: 'max' }), (input, outcomes) => {
          const breaker = startBreaker(input);
          const failures: number[] = [];
          for (const { gap, failed, isDated } of outcomes) {
            breaker.clock.advance(gap);
            const at = breaker.clock.now();
            breaker.send({ type: failed ? 'call.failed' : 'call.succeeded', at: isDated ? at : undefined });
            if (failed) failures.push(at);
            const inside = failures.filter((time) => at - time <= input.failureWindow).length;
            const opens = failed && inside >= input.failureThreshold;
            expect(breaker.leaf).toBe(opens ? 'open' : 'closed');
            if (opens) break;
          }
        }),
        { numRuns: runs(1_000) },
      );
    },
    patience,
  );

  it('S-17 is exact for fractions of a millisecond', () => {
    const breaker = startBreaker({ failureThreshold: 2, failureWindow: 1.5 });
    breaker.send({ type: 'call.failed', at: 0 }, { type: 'call.failed', at: 1.75 });
    expect(breaker.leaf).toBe('closed');
    breaker.send({ type: 'call.failed', at: 3.25 });
    expect(breaker.leaf).toBe('open');
  });

  it('S-27 lets no failure outlive its window after the clock went back', () => {
    const breaker = startBreaker({ failureThreshold: 3, failureWindow: 1000 });
    breaker.send(bad);
    breaker.clock.jump(-3_600_000);
    breaker.send(bad);
    breaker.clock.advance(1001);
    breaker.send(bad, bad);
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-76 remembers no more failures than it needs to judge', () => {
    const breaker = startBreaker({ failureThreshold: 4, failureWindow: 2_147_483_647 });
    for (let n = 0; n < 3; n++) breaker.send(...times(50, ok), callFailed(new Error('one')));
    expect(breaker.leaf).toBe('closed');
    expect(breaker.context.failureTimes).toHaveLength(3);
    breaker.send({ type: 'call.failed', count: 1 });
    expect(breaker.leaf).toBe('open');
    expect(breaker.context.failureTimes).toEqual([]);
  });

  it('is not stopped by a report of more failures than an array can hold', () => {
    const breaker = startBreaker({ failureThreshold: 3, failureWindow: 1000 });
    breaker.send({ type: 'call.failed', count: 2 ** 32 });
    expect(breaker.leaf).toBe('open');
  });
});
