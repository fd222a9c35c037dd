import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { RunContext } from '../calls/supervised-run.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { checkFailoverOptions } from '../options/check-call-options.ts';
import { assertFunction, UserCode } from '../platform/user-code.ts';
import type { Breaker } from './breaker.ts';
import { isBreaker } from './is-breaker.ts';

/** One of several ways to get the same thing done: a breaker, or something that has one. */
export type FailoverCandidate = Breaker | { readonly breaker: Breaker };

/** What `onSwitch` hears of. */
export interface FailoverEvent<C> {
  readonly type: 'failover.switched';
  /** The candidate that did not do. */
  readonly from: C;
  /** The one that is tried next. */
  readonly to: C;
  /** Why: a `CircuitBreakerOpenError` where it was not even asked, or its own error. */
  readonly error: unknown;
}

/** Options of `failover`. */
export interface FailoverOptions<C> {
  /** The caller's own signal; an abort is not failed over. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Deadline of each candidate, in milliseconds from 1 to 2147483647.
   * @default the `timeout` of its breaker
   */
  readonly timeout?: number | undefined;
  /**
   * What happens when no circuit admits the call. `throw`: rejects with the rejection of the circuit that recovers first.
   * `probeEarliest`: makes the call past that circuit, one at a time, and counts nothing; none that is isolated or stopped.
   * @default 'throw'
   */
  readonly allOpen?: 'throw' | 'probeEarliest' | undefined;
  /** Hears of each switch to the next candidate. What it throws is reported by `console.error` and changes nothing. */
  readonly onSwitch?: ((event: FailoverEvent<C>) => void) | undefined;
}

/**
 * Makes a call by the first candidate whose circuit admits it, and by the next one if it fails with an error that counts
 * for its breaker. Errors that do not count, such as a bad request, and the caller's abort are not failed over: another
 * candidate would make no difference.
 *
 * @param candidates - At least one, in the order of preference.
 * @param fn - Makes the call with a candidate; receives `{ signal }`, too.
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
  fn: (candidate: C, context: RunContext) => R,
  options: FailoverOptions<C> = {},
): Promise<Awaited<R>> {
  assertFunction(fn);
  checkFailoverOptions(options);
  for (const candidate of candidates) breakerOf(candidate);
  const { signal, timeout, allOpen, onSwitch } = options;
  const attempt = (candidate: C) =>
    breakerOf(candidate).run((context) => fn(candidate, context), { signal, timeout, fallback: rethrow });
  const isFinal = (error: unknown, candidate: C) =>
    signal?.aborted === true || !breakerOf(candidate).countsAsFailure(error);
  const outcome = await tryEach(candidates, { attempt, isFinal, onSwitch });
  if ('result' in outcome) return outcome.result;
  const { candidate, error } = outcome.first;
  if (allOpen !== 'probeEarliest') throw error;
  return probe(breakerOf(candidate), error, () => fn(candidate, { signal: signal ?? new AbortController().signal }));
}

/** How a call is made with one candidate after the other. */
interface Attempts<C, R> {
  readonly attempt: (candidate: C) => Promise<R>;
  /** Whether an error is of the call, so that another candidate would make no difference. */
  readonly isFinal: (error: unknown, candidate: C) => boolean;
  readonly onSwitch: ((event: FailoverEvent<C>) => void) | undefined;
}

/** A candidate that was not asked. */
interface Rejected<C> {
  readonly candidate: C;
  readonly error: CircuitBreakerOpenError;
}

/**
 * Makes a call with one candidate after the other.
 *
 * @returns The first result, or of the circuits, where none admitted the call, the one that recovers first.
 * @throws The last error of a candidate that was asked; TypeError where there is no candidate.
 */
export async function tryEach<C, R>(
  candidates: readonly C[],
  { attempt, isFinal, onSwitch }: Attempts<C, R>,
): Promise<{ readonly result: R } | { readonly first: Rejected<C> }> {
  const userCode = new UserCode(undefined);
  const rejected: Rejected<C>[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const [index, from] of candidates.entries()) {
    try {
      return { result: await attempt(from) };
    } catch (error) {
      if (CircuitBreakerOpenError.isInstance(error)) rejected.push({ candidate: from, error });
      else if (isFinal(error, from)) throw error;
      else failure = { error };
      const to = candidates[index + 1];
      if (to !== undefined && onSwitch)
        userCode.run('onSwitch', () => onSwitch({ type: 'failover.switched', from, to, error }));
    }
  }
  if (failure) throw failure.error;
  const [first] = rejected.sort((a, b) => waitOf(a.error) - waitOf(b.error));
  if (first === undefined) throw new TypeError('failover wants at least one candidate, but was given none.');
  return { first };
}

// Circuits that somebody is probing now: of all that want to, one may.
const probed = new WeakSet<Breaker>();

/** Makes a call past an open circuit, unless somebody is doing so already or time alone would not open it up. */
export async function probe<R>(
  breaker: Breaker,
  rejection: CircuitBreakerOpenError,
  call: () => R,
): Promise<Awaited<R>> {
  if (rejection.retryAfterMs === null || probed.has(breaker)) throw rejection;
  probed.add(breaker);
  try {
    return await call();
  } finally {
    probed.delete(breaker);
  }
}

function waitOf({ retryAfterMs }: CircuitBreakerOpenError): number {
  return retryAfterMs ?? Number.POSITIVE_INFINITY;
}

function rethrow(rejection: CircuitBreakerOpenError): never {
  throw rejection;
}

function breakerOf(candidate: unknown): Breaker {
  for (const breaker of [candidate, propertyOf(candidate, 'breaker')]) if (isBreaker(breaker)) return breaker;
  throw new TypeError(
    `failover wants candidates that are breakers or have one as breaker, but was given ${describeValue(candidate)}.`,
  );
}
