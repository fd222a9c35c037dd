import type { Permit } from 'agent-circuit-breaker';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { createDueBreaker } from './half-open-breaker.ts';

const trialTimeout = 100;
const ends = ['succeed', 'ignore', 'cancel'] as const;

type Step =
  | { readonly type: 'acquire' }
  | { readonly type: 'end'; readonly index: number; readonly end: (typeof ends)[number] }
  | { readonly type: 'pass'; readonly ms: number; readonly firesTimers: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: 'acquire' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('end' as const), index: fc.nat(30), end: fc.constantFrom(...ends) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 30, 70, trialTimeout - 1, trialTimeout),
      firesTimers: fc.boolean(),
    }),
  },
);

it('S-33 taken slots agree with a naive list of leases after any sequence of trials, ends and waits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (halfOpenTrials, steps) => {
      const { breaker, clock } = createDueBreaker({ halfOpenTrials, trialTimeout, successThreshold: 1000 });
      const permits: { readonly permit: Permit; readonly expiresAt: number }[] = [];
      const running = () =>
        permits.filter(({ permit, expiresAt }) => !permit.settled && clock.now() < expiresAt).length;

      for (const move of steps) {
        if (move.type === 'acquire') {
          const isFree = running() < halfOpenTrials;
          const permit = breaker.tryAcquire();
          expect(permit !== undefined).toBe(isFree);
          if (permit) permits.push({ permit, expiresAt: clock.now() + trialTimeout });
        } else if (move.type === 'end') permits[move.index % Math.max(1, permits.length)]?.permit[move.end]();
        else if (move.firesTimers) clock.advance(move.ms);
        else clock.jump(move.ms);

        expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: running() });
      }
    }),
    { numRuns: runs(500) },
  );
});
