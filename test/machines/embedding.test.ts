import { type BreakerEvent, callFailed, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { runs } from '../support/runs.ts';
import { createTestClock } from '../support/test-clock.ts';
import { hostNames, startHost } from './hosts.ts';
import { leafOf, leaves, patience, silentFleet } from './running-breaker.ts';
import { eventTypes } from './transition-table.ts';

const input = {
  ...{ name: 'search', failureThreshold: 2, recoveryTimeout: 1000, trialTimeout: 50, halfOpenTrials: 2 },
  recoveryRamp: { steps: 2, stepDuration: 100 },
};

const life: readonly (BreakerEvent | number)[] = [
  { type: 'call.failed' },
  callFailed(new Error('opens it')),
  999,
  1,
  { type: 'trial.started' },
  { type: 'trial.started' },
  50,
  { type: 'trial.started', trial: 'mine' },
  { type: 'call.failed', trial: 'mine' },
  1000,
  { type: 'call.succeeded' },
  100,
  { type: 'trial.started', lot: 0.6 },
  { type: 'trial.started', lot: 0.7 },
  100,
  { type: 'breaker.isolate' },
  { type: 'breaker.isolate' },
  { type: 'breaker.release' },
  { type: 'breaker.release' },
  { type: 'breaker.disable' },
  { type: 'breaker.enable' },
  { type: 'breaker.trip' },
  { type: 'breaker.reset' },
  { type: 'fleet.connected' },
  { type: 'fleet.opened', openFor: 100 },
  100,
  { type: 'trial.requested' },
  { type: 'fleet.leaseGranted', token: 7 },
  { type: 'trial.started' },
  { type: 'fleet.leaseLost' },
  { type: 'fleet.closed' },
];

const inFleet = circuitBreakerMachine.provide(silentFleet);

/** Plays events, and durations for which time passes, and tells what could be seen after each. */
function play(host: (typeof hostNames)[number], steps: readonly (BreakerEvent | number)[]) {
  const { breaker, received } = startHost(host, { input, clock: createTestClock(0), machine: inFleet });
  const seen = steps.map((step) => {
    if (typeof step === 'number') breaker.clock.advance(step);
    else breaker.send(step);
    return { leaf: breaker.leaf, context: breaker.context, emitted: breaker.emitted.splice(0) };
  });
  return { seen, received };
}

describe('a breaker', () => {
  it('S-72 lives the same life as a root, spawned and invoked', () => {
    const { seen } = play('root', life);
    expect(new Set(seen.map(({ leaf }) => leaf))).toEqual(new Set(leaves));
    expect(seen.flatMap(({ emitted }) => emitted)).toHaveLength(2 * 11 + 1 + 2 * 3);
    expect(play('spawned', life).seen).toEqual(seen);
    expect(play('invoked', life).seen).toEqual(seen);
  });

  it(
    'S-72 lives the same life anywhere, whatever happens to it',
    () => {
      const step = fc.oneof(fc.constantFrom(...eventTypes), fc.constantFrom(10, 50, 1000));
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const events = steps.map((item) => (typeof item === 'number' ? item : { type: item }));
          const { seen } = play('root', events);
          expect(play('spawned', events).seen).toEqual(seen);
          expect(play('invoked', events).seen).toEqual(seen);
        }),
        { numRuns: runs(100) },
      );
    },
    patience,
  );

  it('S-72 sends nothing to the parent that runs it', () => {
    expect(play('spawned', life).received).toEqual([]);
    expect(play('invoked', life).received).toEqual([]);
  });

  it('S-72 stops with its parent, and leaves no timer', () => {
    for (const name of hostNames) {
      const { breaker, stop } = startHost(name, { input });
      breaker.send({ type: 'breaker.trip' });
      expect(breaker.clock.pendingTimers).toBe(1);
      stop();
      expect(breaker.clock.pendingTimers).toBe(0);
      expect(breaker.actor.getSnapshot().status).toBe('stopped');
    }
  });

  it('S-72 is independent of another one in the same parent', () => {
    const parent = setup({ actors: { breaker: circuitBreakerMachine } }).createMachine({
      invoke: [
        { src: 'breaker', id: 'search', systemId: 'search', input: { name: 'search', recoveryTimeout: 100 } },
        { src: 'breaker', id: 'model', systemId: 'model', input: { name: 'model', recoveryTimeout: 300 } },
      ],
    });
    const clock = createTestClock();
    const root = createActor(parent, { clock }).start();
    const leafOfChild = (id: 'search' | 'model') => {
      const child = root.getSnapshot().children[id];
      return child && leafOf(child.getSnapshot());
    };
    root.system.get('search')?.send({ type: 'breaker.trip' });
    expect([leafOfChild('search'), leafOfChild('model')]).toEqual(['open', 'closed']);
    root.system.get('model')?.send({ type: 'breaker.trip' });
    clock.advance(100);
    expect([leafOfChild('search'), leafOfChild('model')]).toEqual(['halfOpen.free', 'open']);
  });
});
