import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** The wait of every breaker made here, in milliseconds. */
export const recoveryTimeout = 1000;

/** A breaker on a clock that the test moves. */
export interface TimedBreaker {
  readonly breaker: CircuitBreaker;
  readonly clock: TestClock;
}

/** A closed breaker. */
export function createTimedBreaker(options: BreakerOptions = {}): TimedBreaker {
  const clock = createTestClock();
  return { breaker: createBreaker({ recoveryTimeout, clock, ...options }), clock };
}

/** A breaker whose wait is over and nobody has looked yet; its timers are frozen. */
export function createDueBreaker(options: BreakerOptions = {}): TimedBreaker {
  const timed = createTimedBreaker(options);
  timed.breaker.trip();
  timed.clock.jump(recoveryTimeout);
  return timed;
}
