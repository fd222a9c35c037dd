import { attachBreaker, type CircuitBreaker, type Permit } from 'agent-circuit-breaker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../support/calls.ts';
import { runs } from '../../support/runs.ts';
import { recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { createRoot, type Home } from './homes.ts';

const settings = { recoveryTimeout, failureThreshold: 1, trialTimeout: 100 };

function createDueHome(input: object = {}): Home & { readonly facades: readonly [CircuitBreaker, CircuitBreaker] } {
  const home = createRoot({ ...settings, ...input });
  const facades = [attachBreaker(home.actor), attachBreaker(home.actor)] as const;
  home.actor.send({ type: 'breaker.trip' });
  home.clock.jump(recoveryTimeout);
  return { ...home, facades };
}

describe('two facades over one actor', () => {
  it('S-72 share the slots: of 1000 calls through both, 3 run', async () => {
    const { facades } = createDueHome({ halfOpenTrials: 3, successThreshold: 3 });
    const answer = createDeferred<string>();
    let runs = 0;
    const trial = () => {
      runs++;
      return answer.promise;
    };
    const calls = Array.from({ length: 500 }, () => facades.map((facade) => facade.call(trial))).flat();
    answer.resolve('well');
    await Promise.allSettled(calls);
    expect(runs).toBe(3);
    expect(facades.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('S-72 see one another’s changes at once', async () => {
    const { facades, clock } = createDueHome();
    const [first, second] = facades;
    first.acquire().succeed();
    expect(second.state).toBe('closed');
    await second.call(() => Promise.reject(new Error('down'))).catch(() => {});
    expect(first.tryAcquire()).toBeUndefined();
    clock.jump(recoveryTimeout);
    const trial = second.acquire();
    expect(first.tryAcquire()).toBeUndefined();
    clock.jump(100);
    const next = first.acquire();
    expect(second.metrics()).toMatchObject({ state: 'halfOpen', trials: 1 });
    trial.succeed();
    expect(first.state).toBe('closed');
    next.succeed();
    expect(second.state).toBe('closed');
  });

  it('S-72 keep the totals of their own calls, and share the counts of the circuit', async () => {
    const home = createRoot({ failureThreshold: 5 });
    const [first, second] = [attachBreaker(home.actor), attachBreaker(home.actor)];
    await first.call(() => Promise.reject(new Error('down'))).catch(() => {});
    await second.call(() => Promise.reject(new Error('down'))).catch(() => {});
    expect(first.metrics()).toMatchObject({ calls: 1, failures: 1, consecutiveFailures: 2 });
    expect(second.metrics()).toMatchObject({ calls: 1, failures: 1, consecutiveFailures: 2 });
  });

  it('S-72 never exceed halfOpenTrials, with trials that others start as well, whatever they are called', () => {
    const id = fc.option(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom('a', 'b')), { nil: undefined });
    const step = fc.oneof(
      fc.record({ type: fc.constant('facade' as const), which: fc.nat(1) }),
      fc.record({ type: fc.constant('other' as const), id }),
      fc.record({ type: fc.constant('end' as const), index: fc.nat(20) }),
      fc.record({ type: fc.constant('pass' as const), ms: fc.constantFrom(40, 60, 100) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 }), (halfOpenTrials, steps) => {
        const { facades, actor, clock } = createDueHome({ halfOpenTrials, successThreshold: 1000 });
        void facades[0].state;
        const permits: { readonly permit: Permit; readonly expiresAt: number }[] = [];
        const running = () =>
          permits.filter(({ permit, expiresAt }) => !permit.settled && clock.now() < expiresAt).length;
        for (const move of steps) {
          if (move.type === 'facade') {
            const permit = facades[move.which]?.tryAcquire();
            if (permit) permits.push({ permit, expiresAt: clock.now() + 100 });
          } else if (move.type === 'other') {
            const { id: trial } = move;
            if (actor.getSnapshot().hasTag('trial')) actor.send({ type: 'trial.started', trial });
          } else if (move.type === 'end') permits[move.index % Math.max(1, permits.length)]?.permit.cancel();
          else clock.jump(move.ms);
          expect(running()).toBeLessThanOrEqual(halfOpenTrials);
          expect(running()).toBeLessThanOrEqual(facades[0].metrics().trials);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('S-72 give a trial of their own a name that nobody else took: 1000 calls beside a foreign trial', () => {
    for (const trial of [1, 2, 3, 'x']) {
      const { facades, actor } = createDueHome({ halfOpenTrials: 2 });
      void facades[0].state;
      actor.send({ type: 'trial.started', trial });
      let permits = 0;
      for (let round = 0; round < 1000; round++) if (facades[round % 2]?.tryAcquire()) permits++;
      expect(permits).toBe(1);
    }
  });
});
