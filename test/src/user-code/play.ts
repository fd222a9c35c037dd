import type { CircuitBreaker } from 'agent-circuit-breaker';
import { flushMicrotasks } from '../../support/calls.ts';
import { recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';

/** The failure that every failing call of the play ends with. */
export const down = new Error('down');

/** What a breaker with a threshold of two comes to in the play, whatever its callbacks do. */
export const expectedPlay: readonly unknown[] = [
  ['well', 'closed'],
  [down, 'closed'],
  [down, 'open'],
  ['open', 'open'],
  [down, 'open'],
  ['well', 'closed'],
  ['well', 'closed'],
  ['reset', 'closed'],
];

/** A success, two failures that open, a rejection, a failed trial, a good trial, and what comes after. */
export async function play({ breaker, clock }: TimedBreaker): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const step = async (act: (breaker: CircuitBreaker) => unknown) => {
    const result = await outcomeOf(() => act(breaker));
    seen.push([result, breaker.state]);
    await flushMicrotasks();
  };
  const succeed = (target: CircuitBreaker) => target.call(async () => 'well');
  const fail = (target: CircuitBreaker) => target.call(() => Promise.reject(down));

  await step(succeed);
  await step(fail);
  await step(fail);
  await step(succeed);
  clock.advance(recoveryTimeout);
  await step(fail);
  clock.jump(recoveryTimeout);
  await step((target) => target.run(async () => 'well'));
  await step((target) => target.callSync(() => 'well'));
  await step((target) => {
    target.trip();
    target.reset();
    return 'reset';
  });
  return seen;
}

/** The result of a call, its error, or the reason of its rejection. */
async function outcomeOf(act: () => unknown): Promise<unknown> {
  try {
    return await act();
  } catch (error) {
    return typeof error === 'object' && error !== null && 'reason' in error ? error.reason : error;
  }
}
