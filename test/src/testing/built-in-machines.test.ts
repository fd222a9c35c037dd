import { createBreakerMachine } from 'agent-circuit-breaker';
import type { BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import { checkBreakerMachine } from 'agent-circuit-breaker/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostError, hostStrategy } from '../../../examples/own-strategy/host-strategy.ts';
import { runs } from '../../support/runs.ts';

class Excluded extends Error {}

const configurations: Readonly<Record<string, BreakerMachineOptions>> = {
  'one failure': { failureThreshold: 1 },
  'many failures in a row': { failureThreshold: 1_000 },
  'failures within a window': { failureThreshold: 3, failureWindow: 1_000 },
  'a rate of the last calls': { failureRateThreshold: 0.5, windowSize: 20 },
  'a rate of few calls': { failureRateThreshold: 0.01, windowSize: 1, minimumCalls: 1 },
  'a rate of 1': { failureRateThreshold: 1, windowSize: 100, minimumCalls: 2 },
  'a rate over time': { failureRateThreshold: 0.5, failureWindow: 1_000, minimumCalls: 2 },
  'a rate over a fractional time': { failureRateThreshold: 0.3, failureWindow: 333.3 },
  'slow calls': { slowCallThreshold: 100 },
  'slow calls in a rate': { slowCallThreshold: 1, failureRateThreshold: 0.5, windowSize: 10 },
  'slow calls within a window': { slowCallThreshold: 0.5 + 1, failureWindow: 10 },
  'several trials': { halfOpenTrials: 10, successThreshold: 3 },
  'more successes than trials': { halfOpenTrials: 1, successThreshold: 5 },
  'a short lease': { trialTimeout: 1 },
  'a long lease': { trialTimeout: 2_147_483_647 },
  'a short wait': { recoveryTimeout: 1 },
  'a long wait': { recoveryTimeout: 2_147_483_647 },
  backoff: { recoveryBackoff: {} },
  'backoff with jitter': { recoveryTimeout: 100, recoveryBackoff: { factor: 3, jitter: 1, maxRecoveryTimeout: 5_000 } },
  'backoff by a function': { recoveryBackoff: (reopenings) => 10 * 2 ** reopenings },
  'backoff of one millisecond': { recoveryBackoff: () => 1 },
  'backoff of weeks': { recoveryBackoff: () => 2_147_483_647 },
  'backoff by a function, with fractions': { recoveryBackoff: (reopenings) => 1000 / 3 + reopenings / 7 },
  'backoff by a function that returns nonsense': { recoveryBackoff: () => Number.NaN, onCallbackError: () => {} },
  'a ramp': { recoveryRamp: { steps: 3, stepDuration: 100 } },
  'a ramp of one short step': { recoveryRamp: { steps: 1, stepDuration: 1 } },
  'a ramp of many steps': { recoveryRamp: { steps: 1_000, stepDuration: 1_000 } },
  'a ramp of fractions': { recoveryRamp: { steps: 7, stepDuration: 33.337 } },
  'a long ramp': { recoveryRamp: { steps: 1, stepDuration: 2_147_483_647 } },
  'a ramp with all else': {
    ...{ failureRateThreshold: 0.5, windowSize: 20, slowCallThreshold: 100, halfOpenTrials: 3, successThreshold: 3 },
    ...{
      recoveryRamp: { steps: 4, stepDuration: 50 },
      trialTimeout: 70,
      recoveryBackoff: (reopenings) => 10 + reopenings,
    },
  },
  'excluded errors': { excludedErrors: [Excluded, TypeError] },
  'a predicate': { failurePredicate: (error) => error instanceof Error },
  'a name and a parent to tell': { name: 'an error', notifyParent: true },
};

describe('a machine that options have made', () => {
  it.each(Object.entries(configurations))('passes with %s', (_title, options) => {
    checkBreakerMachine(createBreakerMachine(options));
  });

  it('passes with a failure that it counts, where it does not count every one', () => {
    const machine = createBreakerMachine({ failurePredicate: (error) => error instanceof Excluded });
    checkBreakerMachine(machine, { failure: new Excluded('the only error that counts') });
    expect(() => checkBreakerMachine(machine)).toThrow('one failed trial opens it again');
  });

  it.each([['a string'], [404], [undefined], [{ message: 'no Error' }]])(
    'passes where %j is what is thrown',
    (failure) => {
      checkBreakerMachine(createBreakerMachine(), { failure });
    },
  );

  it('passes with the strategy of the examples, whether its failure is remembered or not', () => {
    checkBreakerMachine(hostStrategy);
    checkBreakerMachine(hostStrategy, { failure: new HostError('maps', 503) });
  });

  it('passes however long its waits are, to the last fraction of a millisecond', () => {
    const wait = fc.oneof(
      fc.double({ min: 1, max: 3_000, noNaN: true }),
      fc.double({ min: 1, max: 2_147_483_647, noNaN: true }),
    );
    const check = (waitMs: number) => checkBreakerMachine(createBreakerMachine({ recoveryBackoff: () => waitMs }));
    fc.assert(fc.property(wait, check), { numRuns: runs(40), examples: [[1417.1442581695987], [1.0000000000000002]] });
  });

  it('passes however long its ramp is, to the last fraction of a millisecond', () => {
    const steps = fc.integer({ min: 1, max: 1_000 });
    const stepDuration = fc.double({ min: 1, max: 2_000_000, noNaN: true });
    fc.assert(
      fc.property(fc.record({ steps, stepDuration }), (recoveryRamp) =>
        checkBreakerMachine(createBreakerMachine({ recoveryRamp })),
      ),
      { numRuns: runs(20) },
    );
  });
});
