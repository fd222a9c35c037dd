import { createBreakerMachine } from 'agent-circuit-breaker';
import { checkBreakerMachine } from 'agent-circuit-breaker/testing';
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';

class Excluded extends Error {}

const sound = {
  'as it comes': createBreakerMachine(),
  'with a rate, slow calls and a ramp': createBreakerMachine({
    ...{ failureRateThreshold: 0.5, windowSize: 20, slowCallThreshold: 100 },
    recoveryRamp: { steps: 3, stepDuration: 100 },
    recoveryBackoff: (reopenings) => 10 + reopenings,
  }),
  'that opens at every failure': createBreakerMachine().provide({ guards: { thresholdReached: () => true } }),
  'that never opens by itself': createBreakerMachine().provide({ guards: { thresholdReached: () => false } }),
  'with a memory of its own': createBreakerMachine().provide({
    actions: { recordFailure: assign(({ context }) => ({ memory: [context.memory, 'failed'] })) },
  }),
};

describe('a machine that is checked', () => {
  it.each(Object.entries(sound))('passes %s', (_title, machine) => {
    expect(() => checkBreakerMachine(machine)).not.toThrow();
  });

  it.each([undefined, {}, 7])('has to be a machine, not %o', (value) => {
    expect(() => Reflect.apply(checkBreakerMachine, undefined, [value])).toThrow('checkBreakerMachine wants a machine');
  });

  it('passes with a failure that it counts, where it does not count every one', () => {
    const machine = createBreakerMachine({ failurePredicate: (error) => error instanceof Excluded });
    expect(() => checkBreakerMachine(machine, { failure: new Excluded() })).not.toThrow();
    expect(() => checkBreakerMachine(machine)).toThrow('one failed trial opens it again');
  });

  it.each([
    ['a guard that throws', { guards: { thresholdReached: () => JSON.parse('') } }],
    ['a guard that lets the wait end early', { guards: { recoveryDue: () => true } }],
    ['a guard that takes late results', { guards: { isLate: () => false } }],
    ['slots without end', { guards: { slotsTaken: () => false } }],
    ['a hold too few', { guards: { isLastHold: () => true } }],
    ['trials that never close', { guards: { successThresholdReached: () => false } }],
    ['leases that never run out', { actions: { releaseExpiredTrials: () => {} } }],
    ['changes that nobody hears of', { actions: { isolateCircuit: assign({ holds: 1 }) } }],
    ['a wait that never ends', { delays: { recoveryTimeout: 1e9 } }],
  ])('is refused with %s, and told why', (_title, implementations) => {
    const machine = Reflect.apply(createBreakerMachine().provide, createBreakerMachine(), [implementations]);
    expect(() => checkBreakerMachine(machine)).toThrow(/^This machine breaks rules of a circuit breaker:\n- \w/);
  });
});
