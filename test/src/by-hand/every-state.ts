import type { BreakerOptions, BreakerState, CircuitBreaker } from 'agent-circuit-breaker';
import { createTimedBreaker, recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';

/** The states that a running breaker can be in. */
export const states = ['closed', 'open', 'halfOpen', 'isolated', 'disabled'] as const;

export type RunningState = Exclude<BreakerState, 'stopped'>;

const ways: Readonly<Record<RunningState, (timed: TimedBreaker) => void>> = {
  closed: () => {},
  open: ({ breaker }) => breaker.trip(),
  halfOpen: ({ breaker, clock }) => {
    breaker.trip();
    clock.jump(recoveryTimeout);
    void breaker.state;
  },
  isolated: ({ breaker }) => void breaker.isolate(),
  disabled: ({ breaker }) => breaker.disable(),
};

/** A breaker in a state of one's choice. */
export function createBreakerIn(state: RunningState, options: BreakerOptions = {}): TimedBreaker {
  const timed = createTimedBreaker(options);
  ways[state](timed);
  return timed;
}

/** Fails so many calls in a row. */
export async function failTimes(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let round = 0; round < times; round++)
    await breaker.call(() => Promise.reject(new Error('down'))).catch(() => {});
}
