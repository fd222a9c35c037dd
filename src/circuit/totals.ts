import { addUp } from '../../machines/counting/add-up.ts';
import { type FailureReason, reasonOf } from '../../machines/failure-reason.ts';

/** The last failure that counted, as far as it may be shown: nothing of the error itself is kept. */
export interface FailureSummary extends FailureReason {
  /** When it happened, epoch ms. */
  readonly at: number;
}

/** How many calls ended with each kind of failure, or of error that does not count; of the 51st kind on as `other`. */
export interface KindTotals {
  readonly failures: Readonly<Record<string, number>>;
  readonly ignored: Readonly<Record<string, number>>;
}

/** Numbers of calls that came to some end, and of calls that were not let through. */
export interface EndedCalls {
  /** Calls that ended well, late ones included. */
  readonly successes: number;
  /** Calls whose error, result or slowness counts as a failure, late ones included. */
  readonly failures: number;
  /** Of the failures, those that took longer than `slowCallThreshold`, whether they went well or not. */
  readonly slow: number;
  /** Calls that ended with an error that does not count, or without a verdict. */
  readonly ignored: number;
  /** Calls that their caller gave up. */
  readonly cancelled: number;
  /** Calls that missed a deadline, ours or their caller's `AbortSignal.timeout()`; each is in failures too if it counts. */
  readonly timeouts: number;
  /** Calls not let through; they are no calls and no failures. */
  readonly rejected: number;
}

/** Everything that is counted of calls, and the last failure among them. */
export interface CountedCalls extends CallTotals {
  readonly kinds: KindTotals;
  readonly lastFailure: FailureSummary | null;
}

/** The totals in a snapshot: calls that had ended, and rejections. */
export interface SnapshotTotals extends EndedCalls {
  /** A snapshot of an earlier version has none. */
  readonly kinds?: KindTotals | undefined;
  readonly lastFailure: FailureSummary | null;
}

/** Numbers of all calls, also of those that have not ended. */
export interface CallTotals extends EndedCalls {
  /** Calls let through; always successes + failures + ignored + cancelled + inFlight. */
  readonly calls: number;
  /** Calls let through that have not ended. */
  readonly inFlight: number;
}

/** The numbers of calls in something that has more than those. */
export function callTotalsOf(totals: CallTotals): CallTotals {
  const { calls, inFlight } = totals;
  return { calls, ...endedCallsOf(totals), inFlight };
}

/** The numbers of ended calls in something that has more than those. */
export function endedCallsOf(totals: EndedCalls): EndedCalls {
  const { successes, failures, slow, ignored, cancelled, timeouts, rejected } = totals;
  return { successes, failures, slow, ignored, cancelled, timeouts, rejected };
}

/** The counters behind `BreakerMetrics`; each admitted call is added to exactly one of the four ends. */
export class Totals implements CountedCalls {
  calls = 0;
  successes = 0;
  failures = 0;
  slow = 0;
  ignored = 0;
  cancelled = 0;
  timeouts = 0;
  rejected = 0;
  /** Calls that were let through while nothing was counted, and have not ended. */
  uncounted = 0;
  /** The last failure that was counted; null before the first. */
  lastFailure: FailureSummary | null = null;

  readonly #failureKinds: Map<string, number>;
  readonly #ignoredKinds: Map<string, number>;

  /** @param earlier - What was counted before, of a breaker whose snapshot is gone on from. */
  constructor(earlier?: SnapshotTotals) {
    const { kinds, ...numbers } = earlier ?? {};
    this.#failureKinds = new Map(Object.entries(kinds?.failures ?? {}));
    this.#ignoredKinds = new Map(Object.entries(kinds?.ignored ?? {}));
    Object.assign(this, structuredClone(numbers));
    this.calls = this.successes + this.failures + this.ignored + this.cancelled;
  }

  /** Adds a failure, of which the last one is remembered: by name and status, never by message, headers or body. */
  addFailure(error: unknown, at: number, isSlow: boolean, kind: string | undefined): void {
    this.failures++;
    if (isSlow) this.slow++;
    if (kind !== undefined) addKind(this.#failureKinds, kind);
    const reason = reasonOf(error, kind);
    // Spread, it would cost a third of a failing call.
    this.lastFailure = { name: reason.name, kind: reason.kind, status: reason.status, at };
  }

  /** Adds a call that ended with an error that does not count, or without a verdict. */
  addIgnored(kind: string | undefined): void {
    this.ignored++;
    if (kind !== undefined) addKind(this.#ignoredKinds, kind);
  }

  /** Adds everything that others have counted. */
  absorb(more: CountedCalls): void {
    this.calls = addUp(this.calls, more.calls);
    this.successes = addUp(this.successes, more.successes);
    this.failures = addUp(this.failures, more.failures);
    this.slow = addUp(this.slow, more.slow);
    this.ignored = addUp(this.ignored, more.ignored);
    this.cancelled = addUp(this.cancelled, more.cancelled);
    this.timeouts = addUp(this.timeouts, more.timeouts);
    this.rejected = addUp(this.rejected, more.rejected);
    const { failures, ignored } = more.kinds;
    for (const [kind, count] of Object.entries(failures)) addKind(this.#failureKinds, kind, count);
    for (const [kind, count] of Object.entries(ignored)) addKind(this.#ignoredKinds, kind, count);
    if (more.lastFailure && more.lastFailure.at >= (this.lastFailure?.at ?? more.lastFailure.at))
      this.lastFailure = more.lastFailure;
  }

  /** The same as plain data, for a snapshot: of calls that have ended. */
  toSnapshot(): SnapshotTotals {
    return { ...endedCallsOf(this), kinds: this.kinds, lastFailure: this.lastFailure };
  }

  /** How many calls ended with each kind, as plain data. */
  get kinds(): KindTotals {
    return { failures: Object.fromEntries(this.#failureKinds), ignored: Object.fromEntries(this.#ignoredKinds) };
  }

  /** Calls that have not ended yet. */
  get inFlight(): number {
    return this.calls - this.successes - this.failures - this.ignored - this.cancelled;
  }
}

/** Kinds that somebody makes up as they go must not take memory without end. */
const mostKinds = 50;

function addKind(kinds: Map<string, number>, kind: string, count = 1): void {
  const name = kinds.has(kind) || kinds.size < mostKinds ? kind : 'other';
  kinds.set(name, addUp(kinds.get(name) ?? 0, count));
}
