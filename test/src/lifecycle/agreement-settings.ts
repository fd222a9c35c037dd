import type { BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';

/** The waits that a function tells, one for each number of reopenings; zero and NaN are no waits. */
const waits = {
  'rising, then falling': [50, 150, 400, 100],
  'nonsense at times': [150, 0, Number.NaN],
};

/** Every wait is told by a function. */
const backoffFunction = fc
  .constantFrom<(keyof typeof waits)[]>('rising, then falling', 'nonsense at times')
  .map((list) => (reopenings: number) => waits[list][reopenings % waits[list].length] ?? 0);

const backoffData = fc.record({
  factor: fc.constantFrom(undefined, 1, 1.5, 3),
  maxRecoveryTimeout: fc.constantFrom(undefined, 200, 250, 500),
  jitter: fc.constantFrom(undefined, 0, 0.2, 1),
});

/** What every way of counting can be set up with. */
const common = {
  recoveryTimeout: fc.constantFrom(100, 200),
  halfOpenTrials: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 3 }),
  trialFailureThreshold: fc.constantFrom(undefined, 1, 2, 3),
  trialTimeout: fc.constantFrom(50, 100, 400),
  slowCallThreshold: fc.constantFrom(undefined, 5, 30, 100),
  recoveryBackoff: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: backoffData },
    { weight: 1, arbitrary: backoffFunction },
  ),
  recoveryRamp: fc.option(
    fc.record({ steps: fc.integer({ min: 1, max: 4 }), stepDuration: fc.constantFrom(10, 50, 100) }),
    { nil: undefined },
  ),
};

const failures = { ...common, failureThreshold: fc.integer({ min: 1, max: 4 }) };
const rate = {
  ...common,
  failureRateThreshold: fc.constantFrom(0.3, 1 / 3, 0.5, 0.6, 0.75, 1),
  minimumCalls: fc.integer({ min: 1, max: 5 }),
};

/** Settings of every way of counting, small enough for everything to happen. */
export const countingModes: Readonly<Record<string, fc.Arbitrary<BreakerMachineOptions>>> = {
  'failures in a row': fc.record(failures),
  'failures within a window': fc.record({ ...failures, failureWindow: fc.constant(100) }),
  'a rate of the last calls': fc.record({ ...rate, windowSize: fc.integer({ min: 5, max: 12 }) }),
  'a rate over time': fc.record({ ...rate, failureWindow: fc.constantFrom(100, 250) }),
};
