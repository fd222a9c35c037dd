import type { CircuitBreaker, RejectionReason } from 'agent-circuit-breaker';
import type { TestClock } from '../../support/test-clock.ts';
import { failWith } from './ways-of-calling.ts';

/** How long the breakers of these tests stay open, in milliseconds. */
export const recoveryTimeout = 1000;

/** A state in which a breaker with one half-open slot lets no call through, and how to get there. */
export interface RejectingState {
  readonly name: string;
  readonly reason: RejectionReason;
  readonly enter: (breaker: CircuitBreaker, clock: TestClock) => void;
}

/** Every state in which no call is let through. */
export const rejectingStates: readonly RejectingState[] = [
  {
    name: 'open after a failure',
    reason: 'open',
    enter: (breaker) => failOnce(breaker),
  },
  { name: 'opened by hand', reason: 'open', enter: (breaker) => breaker.trip() },
  {
    name: 'half-open with every slot taken',
    reason: 'halfOpen',
    enter: (breaker, clock) => {
      breaker.trip();
      clock.jump(recoveryTimeout);
      breaker.acquire();
    },
  },
  { name: 'isolated', reason: 'isolated', enter: (breaker) => breaker.isolate() },
  { name: 'stopped', reason: 'stopped', enter: (breaker) => breaker.stop() },
];

/** Opens a breaker whose `failureThreshold` is 1. */
function failOnce(breaker: CircuitBreaker): void {
  breaker.acquire().fail(new Error('down'));
}

/** Lets calls fail one after the other. */
export async function failTimes(breaker: CircuitBreaker, count: number, error: unknown = new Error('down')) {
  for (let made = 0; made < count; made++) await breaker.call(failWith(error)).catch(() => {});
}
