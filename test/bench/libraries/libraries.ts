import { createBreaker } from 'agent-circuit-breaker';
import { ConsecutiveBreaker, CountBreaker, circuitBreaker, handleAll, SamplingBreaker } from 'cockatiel';
import OpossumBreaker from 'opossum';
import { HandWrittenBreaker } from './hand-written-breaker.ts';
import {
  type GuardedOperation,
  type Library,
  longWaitMs,
  type Operation,
  outOfReach,
  populate,
  rateOutOfReach,
  windowMs,
} from './library.ts';

function rateOverTime(operation: Operation): GuardedOperation {
  const breaker = createBreaker({ failureRateThreshold: rateOutOfReach, failureWindow: windowMs });
  return { call: () => breaker.call(operation) };
}

const ours: Library = {
  name: 'agent-circuit-breaker',
  consecutive(operation) {
    const breaker = createBreaker({ failureThreshold: outOfReach });
    return { call: () => breaker.call(operation) };
  },
  fragile(operation) {
    const breaker = createBreaker({ failureThreshold: 1, recoveryTimeout: longWaitMs });
    return { call: () => breaker.call(operation), dispose: () => breaker.stop() };
  },
  rated: rateOverTime,
  windows: {
    'rate over time': rateOverTime,
    'failures over time'(operation) {
      const breaker = createBreaker({ failureThreshold: outOfReach, failureWindow: windowMs });
      return { call: () => breaker.call(operation) };
    },
    'rate of calls'(operation, size) {
      const breaker = createBreaker({ failureRateThreshold: rateOutOfReach, windowSize: size });
      return { call: () => breaker.call(operation) };
    },
  },
  async populate(count, operation) {
    const options = { failureThreshold: 5, recoveryTimeout: 30_000 };
    const create = () => createBreaker(options);
    return { breakers: await populate(count, create, (breaker) => breaker.call(operation)) };
  },
};

function sampling(operation: Operation): GuardedOperation {
  const sampling = new SamplingBreaker({ threshold: rateOutOfReach, duration: windowMs, minimumRps: 1 });
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: sampling });
  return { call: () => breaker.execute(operation) };
}

const cockatiel: Library = {
  name: 'cockatiel',
  consecutive(operation) {
    const breaker = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(outOfReach) });
    return { call: () => breaker.execute(operation) };
  },
  fragile(operation) {
    const breaker = circuitBreaker(handleAll, { halfOpenAfter: longWaitMs, breaker: new ConsecutiveBreaker(1) });
    return { call: () => breaker.execute(operation) };
  },
  rated: sampling,
  windows: {
    'rate over time': sampling,
    'rate of calls'(operation, size) {
      const counting = new CountBreaker({ threshold: rateOutOfReach, size, minimumNumberOfCalls: 10 });
      const breaker = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: counting });
      return { call: () => breaker.execute(operation) };
    },
  },
  async populate(count, operation) {
    const create = () => circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
    return { breakers: await populate(count, create, (breaker) => breaker.execute(operation)) };
  },
};

const opossum: Library = {
  name: 'opossum',
  consecutive(operation) {
    // It has no count of failures in a row. Without percentiles, which nobody else keeps, or they would cost the most.
    const breaker = new OpossumBreaker(operation, { ...patient, rollingPercentilesEnabled: false });
    return { call: () => breaker.fire(), dispose: () => breaker.shutdown() };
  },
  fragile(operation) {
    const breaker = new OpossumBreaker(operation, { timeout: false, resetTimeout: longWaitMs });
    return { call: () => breaker.fire(), dispose: () => breaker.shutdown() };
  },
  rated(operation) {
    const options = { ...patient, rollingCountTimeout: windowMs, rollingPercentilesEnabled: false };
    const breaker = new OpossumBreaker(operation, options);
    return { call: () => breaker.fire(), dispose: () => breaker.shutdown() };
  },
  windows: {
    'rate over time'(operation) {
      const breaker = new OpossumBreaker(operation, { ...patient, rollingCountTimeout: windowMs });
      return { call: () => breaker.fire(), dispose: () => breaker.shutdown() };
    },
  },
  async populate(count, operation) {
    const create = () => new OpossumBreaker(operation, { timeout: false, resetTimeout: 30_000 });
    const breakers = await populate(count, create, (breaker) => breaker.fire());
    return {
      breakers,
      dispose: () => {
        for (const breaker of breakers) breaker.shutdown();
      },
    };
  },
};

/** More than every call would have to fail. */
const patient = { timeout: false, errorThresholdPercentage: 100, volumeThreshold: outOfReach };

const handWritten: Library = {
  name: 'hand-written',
  consecutive(operation) {
    const breaker = new HandWrittenBreaker(outOfReach, 30_000);
    return { call: () => breaker.call(operation) };
  },
  fragile(operation) {
    const breaker = new HandWrittenBreaker(1, longWaitMs);
    return { call: () => breaker.call(operation) };
  },
  windows: {},
  async populate(count, operation) {
    const create = () => new HandWrittenBreaker(5, 30_000);
    return { breakers: await populate(count, create, (breaker) => breaker.call(operation)) };
  },
};

/** What is compared, ours first. */
export const libraries: readonly Library[] = [ours, cockatiel, opossum, handWritten];
