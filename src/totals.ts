import type { SnapshotTotals } from './breaker-snapshot.ts';
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

/** The counters behind `BreakerMetrics`; each admitted call is added to exactly one of the four ends. */
export class Totals {
  calls = 0;
  successes = 0;
  failures = 0;
  slow = 0;
  ignored = 0;
  cancelled = 0;
  timeouts = 0;
  rejected = 0;
  #lastFailureName: string | undefined;
  #lastFailureStatus: number | null = null;
  #lastFailureAt = 0;

  /** @param earlier - What was counted before, of a breaker whose snapshot is gone on from. */
  constructor(earlier?: SnapshotTotals) {
    if (earlier === undefined) return;
    const { lastFailure, ...counted } = earlier;
    Object.assign(this, counted);
    this.calls = this.successes + this.failures + this.ignored + this.cancelled;
    if (lastFailure === null) return;
    this.#lastFailureName = lastFailure.name;
    this.#lastFailureStatus = lastFailure.status;
    this.#lastFailureAt = lastFailure.at;
  }

  /** Adds a failure, of which the last one is remembered: by name and status, never by message, headers or body. */
  addFailure(error: unknown, at: number, isSlow: boolean): void {
    this.failures++;
    if (isSlow) this.slow++;
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

/** SDKs leave the `name` of their errors at "Error"; the class says more. */
function classOf(error: unknown): string {
  const name = nameOf(error) ?? typeof error;
  return name === 'Error' && error instanceof Error ? error.constructor.name || name : name;
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}
