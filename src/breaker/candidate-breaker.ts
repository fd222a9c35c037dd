import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { FailureJudgement } from '../machine/judge-error.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { Breaker } from './breaker.ts';
import type { CandidateCircuit } from './candidate-round.ts';
import { isBreaker } from './is-breaker.ts';
import { isShut } from './is-shut.ts';

/**
 * The breaker of a candidate.
 *
 * @throws TypeError where it has none.
 */
export function breakerOf(candidate: unknown): Breaker {
  for (const breaker of [candidate, propertyOf(candidate, 'breaker')]) if (isBreaker(breaker)) return breaker;
  throw new TypeError(
    `failover wants candidates that are breakers or have one as breaker, but was given ${describeValue(candidate)}.`,
  );
}

/** A breaker as a round of candidates sees it. */
export class BreakerCircuit implements CandidateCircuit {
  readonly #breaker: Breaker;

  constructor(breaker: Breaker) {
    this.#breaker = breaker;
  }

  get isShut(): boolean {
    return isShut(this.#breaker);
  }

  get clock(): BreakerClock {
    return this.#breaker.clock;
  }

  judge(error: unknown): FailureJudgement {
    return this.#breaker.judge(error);
  }
}

// Circuits that somebody is probing now: of all that want to, one may.
const probed = new WeakSet<Breaker>();

/**
 * Makes a call past an open circuit, unless somebody is doing so already or time alone would not open it up.
 *
 * @throws The rejection where it does not.
 */
export async function probe<R>(breaker: Breaker, rejection: unknown, call: () => R): Promise<Awaited<R>> {
  const waits = CircuitBreakerOpenError.isInstance(rejection) && rejection.retryAfterMs !== null;
  if (!waits || probed.has(breaker)) throw rejection;
  probed.add(breaker);
  try {
    return await call();
  } finally {
    probed.delete(breaker);
  }
}

/** The fallback of a call that has other ways to go on. */
export function rethrow(rejection: CircuitBreakerOpenError): never {
  throw rejection;
}
