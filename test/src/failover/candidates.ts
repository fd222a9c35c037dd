import { createBreaker, type FailoverServed } from 'agent-circuit-breaker';
import { modelCalls } from '../../../src/llm.ts';
import { createTestClock } from '../../support/test-clock.ts';

/** Two or more models with breakers that judge model calls, on one clock. */
export function createCandidates(names: readonly string[] = ['a', 'b']) {
  const clock = createTestClock();
  const candidates = names.map((name) => ({ name, breaker: createBreaker({ name, clock, ...modelCalls() }) }));
  return { clock, candidates };
}

/** One of them. */
export type Candidate = ReturnType<typeof createCandidates>['candidates'][number];

/** An error as an SDK throws it. */
export function errorOf(status: number, body: object = {}, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`status ${status}`), { status, error: body, headers });
}

/** What `onServed` has told, in short. */
export function inShort({ candidate, attempts, left }: FailoverServed<Candidate>) {
  return { by: candidate.name, attempts, left: left.map(({ candidate: { name }, kind }) => `${name}: ${kind}`) };
}
