import type { Breaker } from './breaker.ts';

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

/** What `switchOn` is told besides the error. */
export interface FailoverQuestion<C> {
  /** What kind of failure the breaker takes it for; `rejected` where a breaker did not let the call through. */
  readonly kind: string | undefined;
  /** Whether it counts for the breaker of the candidate. */
  readonly counts: boolean;
  /** The candidate that did not do. */
  readonly from: C;
  /** The one that would be tried next. */
  readonly to: C;
}

/** A candidate that was asked, or would have been, before the one that served. */
export interface LeftCandidate<C> {
  readonly candidate: C;
  /** Why it was left: a rejection, or its last error. */
  readonly error: unknown;
  /** What kind of failure that is; see `FailoverQuestion`. */
  readonly kind: string | undefined;
}

/** What `onServed` hears of. */
export interface FailoverServed<C> {
  /** The candidate whose answer is handed on. */
  readonly candidate: C;
  /** How many calls were made in all, the one that served included; one that a breaker rejects is none. */
  readonly attempts: number;
  /** Those that were left before it, in this order. */
  readonly left: readonly LeftCandidate<C>[];
}

/** When the next candidate is tried, and who hears of it. */
export interface SwitchOptions<C> {
  /**
   * What happens when no circuit admits the call. `throw`: rejects with the rejection of the circuit that recovers first.
   * `probeEarliest`: makes the call past that circuit, one at a time, and counts nothing; none that is isolated or stopped.
   * @default 'throw'
   */
  readonly allOpen?: 'throw' | 'probeEarliest' | undefined;
  /**
   * Tells whether the next candidate is tried after an error; not asked where there is none, nor about the caller's abort.
   * One that throws is taken for the default.
   * @default what counts for the breaker, what a breaker rejected (however an SDK has wrapped it), and the kinds
   *   `modelNotFound`, `permission` and `contextLength`, which another model may do better
   */
  readonly switchOn?: ((error: unknown, question: FailoverQuestion<C>) => boolean) | undefined;
  /**
   * How often the same candidate is asked again, from 0 to 10, before the next one is: after the kinds `rateLimit`,
   * `overloaded`, `serverError` and `connection`, as `modelCalls()` tells them, when the provider's `Retry-After` has
   * passed (one of more than 10 s is not waited for), else after 0.5, 1, 2 ... s; never into an open circuit.
   * @default 0
   */
  readonly retries?: number | undefined;
  /** Hears of each switch to the next candidate. What it throws is reported by `console.error` and changes nothing. */
  readonly onSwitch?: ((event: FailoverEvent<C>) => void) | undefined;
  /** Hears who served, like `onSwitch`: when there is a result, or a stream's items begin to be handed on. */
  readonly onServed?: ((event: FailoverServed<C>) => void) | undefined;
}

/** Options of `failover`. */
export interface FailoverOptions<C> extends SwitchOptions<C> {
  /** The caller's own signal; an abort is not failed over. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Deadline of each call, in milliseconds from 1 to 2147483647.
   * @default the `timeout` of the breaker
   */
  readonly timeout?: number | undefined;
}
