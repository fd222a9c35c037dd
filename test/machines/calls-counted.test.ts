import {
  type BreakerContext,
  type BreakerInput,
  countFailures,
  countSuccesses,
  noOutcomes,
  type OutcomeCounts,
  reachesThreshold,
} from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { patience, startBreaker } from './running-breaker.ts';

const ways: readonly (readonly [string, BreakerInput])[] = [
  ['failures in a row', { failureThreshold: 4 }],
  ['failures in a window', { failureThreshold: 4, failureWindow: 50 }],
  ['a rate of calls', { failureRateThreshold: 0.6, minimumCalls: 3, windowSize: 20 }],
  ['a rate over time', { failureRateThreshold: 0.6, minimumCalls: 3, failureWindow: 50 }],
];

/** The parts of a context that are counts, as somebody else would hand them over. */
function countsIn({ consecutiveFailures, failureTimes, window }: OutcomeCounts): OutcomeCounts {
  return JSON.parse(JSON.stringify({ consecutiveFailures, failureTimes, window }));
}

const step = fc.record({
  gap: fc.oneof(fc.constant(0), fc.nat(12), fc.constantFrom(50, 51)),
  end: fc.constantFrom('succeeded' as const, 'failed' as const, 'failed' as const),
  duration: fc.constantFrom(undefined, 10, 11),
  isHandedOver: fc.boolean(),
});

describe('calls that were counted elsewhere', () => {
  it.each(ways)(
    'S-17 leave the chart where it would be had it been told of each, counting %s',
    (_way, way) => {
      const input = { slowCallThreshold: 10, ...way };
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
          const told = startBreaker(input);
          const handed = startBreaker(input);
          let counts: OutcomeCounts = noOutcomes;
          for (const { gap, end, duration, isHandedOver } of steps) {
            for (const { clock } of [told, handed]) clock.jump(gap);
            const at = told.clock.now();
            const { settings, generation } = handed.context;
            const report = { at, count: 1, isSlow: duration === 11 };
            const isFailure = end === 'failed' || report.isSlow;
            told.send({ type: `call.${end}`, at, duration });
            if (isFailure && reachesThreshold(counts, settings, report)) {
              handed.send({ type: 'calls.counted', generation, counts }, { type: `call.${end}`, at, duration });
              expect([told.leaf, handed.leaf]).toEqual(['open', 'open']);
              break;
            }
            counts = countsIn((isFailure ? countFailures : countSuccesses)(counts, settings, report));
            if (isHandedOver) handed.send({ type: 'calls.counted', at, generation, counts });
            expect([told.leaf, handed.leaf]).toEqual(['closed', 'closed']);
            expect(counts).toEqual(countsIn(told.context));
            if (isHandedOver) expect(handed.context).toEqual(told.context);
          }
          expect(handed.context.generation).toBe(told.context.generation);
        }),
        { numRuns: runs(1_000) },
      );
    },
    patience,
  );

  it('S-35 are ignored if they were admitted in an earlier generation', () => {
    const breaker = startBreaker({ failureThreshold: 3 });
    breaker.send({ type: 'breaker.reset' });
    const counts = { ...noOutcomes, consecutiveFailures: 2 };
    breaker.send({ type: 'calls.counted', generation: 0, counts });
    expect(breaker.context.consecutiveFailures).toBe(0);
    breaker.send({ type: 'calls.counted', generation: 1, counts }, { type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });

  it('never open the circuit themselves, whatever has been counted', () => {
    const breaker = startBreaker({ failureThreshold: 3 });
    breaker.send({ type: 'calls.counted', counts: { ...noOutcomes, consecutiveFailures: 50 } });
    expect([breaker.leaf, breaker.emitted]).toEqual(['closed', []]);
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });

  it('change nothing but the counts, whatever else they bring', () => {
    const breaker = startBreaker();
    const before = breaker.context;
    const counts: BreakerContext = { ...before, generation: 99, holds: 3, name: 'another', consecutiveFailures: 1 };
    breaker.send({ type: 'calls.counted', counts });
    expect(breaker.context).toEqual({ ...before, consecutiveFailures: 1 });
  });

  it.each([
    null,
    7,
    'counts',
    {},
    { consecutiveFailures: 1 },
    { ...noOutcomes, failureTimes: null },
    { ...noOutcomes, failureTimes: ['soon'] },
    { ...noOutcomes, window: null },
    { ...noOutcomes, window: { ...noOutcomes.window, calls: Number.NaN } },
    { ...noOutcomes, consecutiveFailures: '1' },
  ])('S-26 are ignored where they are nonsense: %j', (counts) => {
    for (const [, input] of ways) {
      const breaker = startBreaker(input);
      const before = breaker.context;
      Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'calls.counted', counts }]);
      expect([breaker.leaf, breaker.context]).toEqual(['closed', before]);
      breaker.send({ type: 'call.failed', count: 20 });
      expect(breaker.leaf).toBe('open');
    }
  });
});
