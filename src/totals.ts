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
  /** The last failure that was counted; null before the first. */
  lastFailure: FailureSummary | null = null;

  /** @param earlier - What was counted before, of a breaker whose snapshot is gone on from. */
  constructor(earlier?: SnapshotTotals) {
    if (earlier === undefined) return;
    Object.assign(this, structuredClone(earlier));
    this.calls = this.successes + this.failures + this.ignored + this.cancelled;
  }

  /** Adds a failure, of which the last one is remembered: by name and status, never by message, headers or body. */
  addFailure(error: unknown, at: number, isSlow: boolean): void {
    this.failures++;
    if (isSlow) this.slow++;
    this.lastFailure = { name: classOf(error), kind: null, status: statusOf(error), at };
  }

  /** Calls that have not ended yet. */
  get inFlight(): number {
    return this.calls - this.successes - this.failures - this.ignored - this.cancelled;
  }
}

/** SDKs leave the `name` of their errors at "Error"; the class says more. */
function classOf(error: unknown): string {
  const name = nameOf(error) ?? typeof error;
  try {
    const className: unknown = error instanceof Error ? error.constructor.name : undefined;
    return name === 'Error' && typeof className === 'string' && className !== '' ? className : name;
  } catch {
    return name;
  }
}

function statusOf(error: unknown): number | null {
  try {
    if (typeof error !== 'object' || error === null || !('status' in error)) return null;
    return typeof error.status === 'number' && Number.isFinite(error.status) ? error.status : null;
  } catch {
    return null;
  }
}
