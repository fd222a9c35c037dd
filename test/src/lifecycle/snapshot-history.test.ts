import { type BreakerInput, type BreakerSnapshot, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { unseenIn } from '../../support/sightings.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** One step: a call that ends at once after so many milliseconds, an order, or time that passes. */
type Step =
  | { readonly type: 'call'; readonly end: 'succeed' | 'fail' | 'ignore' | 'cancel'; readonly ms: number }
  | { readonly type: 'order'; readonly order: 'trip' | 'reset' | 'disable' | 'enable' | 'isolate' }
  | { readonly type: 'advance' | 'jump'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      type: fc.constant('call' as const),
      end: fc.constantFrom('succeed' as const, 'succeed' as const, 'fail' as const, 'fail' as const, 'ignore' as const),
      ms: fc.constantFrom(0, 0, 0, 5, 30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('order' as const),
      order: fc.constantFrom(
        'trip' as const,
        'reset' as const,
        'disable' as const,
        'enable' as const,
        'isolate' as const,
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('advance' as const, 'jump' as const),
      ms: fc.constantFrom(1, 10, 15, 50, 99, 100, 101, 400),
    }),
  },
);

const histories = fc.array(step, { minLength: 4, maxLength: 80, size: 'max' });

const shared = { recoveryTimeout: 100, recoveryBackoff: { factor: 2, maxRecoveryTimeout: 400 }, slowCallThreshold: 20 };

/** Every way of counting, small enough for everything to happen. */
const modes: readonly [string, BreakerInput][] = [
  ['failures in a row', { failureThreshold: 3 }],
  ['failures in a window', { failureThreshold: 3, failureWindow: 100 }],
  ['the rate of the last calls', { failureRateThreshold: 0.6, windowSize: 7, minimumCalls: 5 }],
  ['the rate of many last calls', { failureRateThreshold: 0.7, windowSize: 40, minimumCalls: 20 }],
  ['the rate over time', { failureRateThreshold: 0.6, failureWindow: 100, minimumCalls: 5 }],
];

interface Side {
  readonly breaker: CircuitBreaker;
  readonly clock: TestClock;
}

function play({ breaker, clock }: Side, step: Step): boolean | undefined {
  if (step.type === 'order') {
    breaker[step.order]();
    return undefined;
  }
  if (step.type !== 'call') {
    clock[step.type](step.ms);
    return undefined;
  }
  const permit = breaker.tryAcquire();
  clock.jump(step.ms);
  permit?.[step.end]();
  return permit !== undefined;
}

/** Everything that has to go on; a breaker that was half-open has been open once more, and a little longer, since. */
function viewOf({ breaker }: Side, wasHalfOpen: boolean) {
  const metrics = breaker.metrics();
  const { counts, totals, state, recoverAt, waitMs, reopenings } = breaker.toJSON();
  const shown = { metrics, written: { counts, totals, state, recoverAt, waitMs, reopenings } };
  return wasHalfOpen ? { ...shown, metrics: { ...metrics, generation: 0, since: 0 } } : shown;
}

/** Plays one history through a breaker that lives on and one that is written down and restored in the middle. */
function playBoth(input: BreakerInput, steps: readonly Step[], restoreAt: number, isExposed: boolean): void {
  const options = { ...shared, ...input };
  const [whole, parted] = [createTestClock(), createTestClock()];
  const living: Side = { breaker: createBreaker({ ...options, clock: whole }), clock: whole };
  let other: Side = { breaker: createBreaker({ ...options, clock: parted }), clock: parted };
  let wasHalfOpen = false;
  for (const [index, step] of steps.entries()) {
    if (index === restoreAt % steps.length) {
      const snapshot: BreakerSnapshot = JSON.parse(JSON.stringify(other.breaker));
      wasHalfOpen = snapshot.state === 'halfOpen';
      other.breaker.stop();
      expect(other.clock.pendingTimers).toBe(0);
      other = { ...other, breaker: createBreaker({ ...options, clock: parted, snapshot }) };
      if (isExposed) other.breaker.actor.getSnapshot();
      expect(viewOf(other, wasHalfOpen)).toEqual(viewOf(living, wasHalfOpen));
    }
    expect(play(other, step)).toBe(play(living, step));
    expect(other.breaker.state).toBe(living.breaker.state);
  }
  expect(viewOf(other, wasHalfOpen)).toEqual(viewOf(living, wasHalfOpen));
}

describe.each(modes)('a breaker that counts %s', (_name, input) => {
  it('S-70 goes on from the middle of a random history as if it had never been away', () => {
    fc.assert(
      fc.property(histories, fc.nat(79), fc.boolean(), (steps, restoreAt, isExposed) =>
        playBoth(input, steps, restoreAt, isExposed),
      ),
      { numRuns: runs(400) },
    );
  }, 60_000);
});

it('S-70 has histories that reach every state and counts that are not empty, so that going on means something', () => {
  const sightings = ['closed', 'open', 'halfOpen', 'isolated', 'disabled', 'counts', 'reopenings'];
  const unseen = unseenIn(histories, { sightings }, (steps) => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...shared, failureThreshold: 3, clock });
    return steps.flatMap((one) => {
      play({ breaker, clock }, one);
      const { state, counts, reopenings } = breaker.toJSON();
      return [state, ...(counts.consecutiveFailures > 1 ? ['counts'] : []), ...(reopenings > 0 ? ['reopenings'] : [])];
    });
  });
  expect(unseen).toEqual([]);
});
