import type { RunContext } from '../calls/supervised-run.ts';
import { checkFailoverOptions } from '../options/check-call-options.ts';
import { assertFunction } from '../platform/user-code.ts';
import { BreakerCircuit, breakerOf, probe, rethrow } from './candidate-breaker.ts';
import { CandidateRound } from './candidate-round.ts';
import type { FailoverCandidate, FailoverOptions } from './failover-options.ts';
import type { OneResult } from './one-result.ts';

/**
 * Makes a call by the first candidate whose circuit admits it, and by the next one if it fails with an error that another
 * candidate may not share: one that counts for its breaker, a rejection by a breaker further in, a model that is not
 * there, not allowed or too small (see `switchOn`). A bad request and the caller's abort are not failed over.
 *
 * @param candidates - At least one, in the order of preference.
 * @param fn - Makes the call with a candidate; receives `{ signal }`, too. One that gives a stream is for `failoverStream`.
 * @param options - See `FailoverOptions`.
 * @returns The first result. Rejects with the last error of a candidate that was asked, or with the
 *   `CircuitBreakerOpenError` of the circuit that recovers first where none was; with a TypeError or a
 *   BreakerOptionsError if an argument is wrong.
 *
 * @example
 * ```ts
 * const models = [{ name: 'gpt-5', breaker: openai }, { name: 'claude', breaker: anthropic }];
 * const answer = await failover(models, ({ name }, { signal }) => ask(name, prompt, { signal }));
 * ```
 */
export async function failover<C extends FailoverCandidate, R>(
  candidates: readonly C[],
  fn: ((candidate: C, context: RunContext) => R) & OneResult<R>,
  options: FailoverOptions<C> = {},
): Promise<Awaited<R>> {
  assertFunction(fn);
  checkFailoverOptions(options);
  for (const candidate of candidates) breakerOf(candidate);
  const { signal, timeout, allOpen, ...switching } = options;
  const round = new CandidateRound(candidates, {
    ...switching,
    circuitOf: (candidate) => new BreakerCircuit(breakerOf(candidate)),
    signals: [signal],
  });
  return round.serve<Awaited<R>>(
    (candidate) =>
      breakerOf(candidate).run((context) => fn(candidate, context), { signal, timeout, fallback: rethrow }),
    (candidate, rejection) => {
      if (allOpen !== 'probeEarliest') throw rejection;
      const context = { signal: signal ?? new AbortController().signal };
      return probe(breakerOf(candidate), rejection, () => fn(candidate, context));
    },
  );
}
