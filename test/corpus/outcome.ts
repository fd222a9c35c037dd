import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from '../../src/llm.ts';
import { type Case, counts, present } from './corpus.ts';

/** A breaker of model calls whose dates are those of the corpus. */
export function createCaseBreaker(): CircuitBreaker {
  return createBreaker({ failureThreshold: 1, ...modelCalls({ now: () => present, jitter: 0 }) });
}

/** What a breaker has made of one call. */
export function outcomeOf(breaker: CircuitBreaker): object {
  const { failures, successes, ignored, lastFailure } = breaker.metrics();
  return { failures, successes, ignored, kind: lastFailure?.kind };
}

/** What a breaker has to make of a case. */
export function rightOutcomeOf(one: Case): object {
  const isFailure = counts(one);
  const isSuccess = one.judged.outcome === 'success';
  return {
    failures: Number(isFailure),
    successes: Number(isSuccess),
    ignored: Number(!isFailure && !isSuccess),
    kind: isFailure ? one.judged.kind : undefined,
  };
}
