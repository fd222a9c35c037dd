import type { BreakerContext } from '../machines/breaker-context.ts';
import type { BreakerStateName } from '../machines/breaker-events.ts';
import { nameOf } from './user-code.ts';

/** What a breaker was told last about a failure; nothing of the error itself is kept. */
export interface FailureSummary {
  /** The error's `name`, or its class where that says more; for a thrown value without a name, its type. */
  readonly name: string;
  /** What kind of failure it is, as far as anything has classified it; null where nothing has. */
  readonly kind: string | null;
  /** The error's HTTP status, where it has one. */
  readonly status: number | null;
  /** When it happened, epoch ms. */
  readonly at: number;
}

/** What a breaker has seen. Totals count since its creation; calls made while disabled are in none of them. */
export interface BreakerMetrics {
  readonly name: string;
  readonly state: BreakerStateName | 'stopped';
  /** When the state was entered, epoch ms. */
  readonly since: number;
  /** Grows on every change of state and every reset. */
  readonly generation: number;
  /** Calls let through; always successes + failures + ignored + cancelled + inFlight. */
  readonly calls: number;
  /** Calls that ended well, late ones included. */
  readonly successes: number;
  /** Calls whose error or result counts as a failure, late ones included. */
  readonly failures: number;
  /** Calls that ended with an error that does not count, or without a verdict. */
  readonly ignored: number;
  /** Calls that their caller gave up. */
  readonly cancelled: number;
  /** Calls that missed a deadline, ours or their caller's `AbortSignal.timeout()`; each is in failures too if it counts. */
  readonly timeouts: number;
  /** Calls not let through; they are no calls and no failures. */
  readonly rejected: number;
  /** Calls let through that have not ended. */
  readonly inFlight: number;
  /** Half-open trials that hold a slot now. */
  readonly trials: number;
  /** Failures since the last success of the present closed period. */
  readonly consecutiveFailures: number;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** Milliseconds until a rejected call can be let through; null where calls pass, or where time changes nothing. */
  readonly retryAfterMs: number | null;
  /** The last failure that was counted; null before the first. */
  readonly lastFailure: FailureSummary | null;
}

/** The counters behind `BreakerMetrics`; each admitted call is added to exactly one of the four ends. */
export class Totals {
  calls = 0;
  successes = 0;
  failures = 0;
  ignored = 0;
  cancelled = 0;
  timeouts = 0;
  rejected = 0;
  #lastFailureName: string | undefined;
  #lastFailureStatus: number | null = null;
  #lastFailureAt = 0;

  /** Adds a failure, of which the last one is remembered: by name and status, never by message, headers or body. */
  addFailure(error: unknown, at: number): void {
    this.failures++;
    this.#lastFailureAt = at;
    this.#lastFailureStatus = null;
    try {
      this.#lastFailureName = classOf(error);
      this.#lastFailureStatus = statusOf(error);
    } catch {
      this.#lastFailureName = typeof error;
    }
  }

  /** The last failure that was counted; null before the first. */
  get lastFailure(): FailureSummary | null {
    if (this.#lastFailureName === undefined) return null;
    return { name: this.#lastFailureName, kind: null, status: this.#lastFailureStatus, at: this.#lastFailureAt };
  }

  /** Calls that have not ended yet. */
  get inFlight(): number {
    return this.calls - this.successes - this.failures - this.ignored - this.cancelled;
  }
}

/** Puts together what the chart knows and what only the facade does. */
export function toMetrics(
  { name, since, generation, trials, reopenings }: BreakerContext,
  { calls, successes, failures, ignored, cancelled, timeouts, rejected, inFlight, lastFailure }: Totals,
  { state, consecutiveFailures, retryAfterMs }: Pick<BreakerMetrics, 'state' | 'consecutiveFailures' | 'retryAfterMs'>,
): BreakerMetrics {
  return {
    ...{ name, state, since, generation },
    ...{ calls, successes, failures, ignored, cancelled, timeouts, rejected, inFlight },
    trials: trials.length,
    ...{ consecutiveFailures, reopenings, retryAfterMs, lastFailure },
  };
}

/** SDKs leave the `name` of their errors at "Error"; the class says more. */
function classOf(error: unknown): string {
  const name = nameOf(error) ?? typeof error;
  return name === 'Error' && error instanceof Error ? error.constructor.name || name : name;
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}
