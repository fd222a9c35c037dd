import { type Call, durationMs, isFailed, type Outcome } from './call.ts';
import type { LaneRecording, Outage, Recording, Transition } from './recording.ts';
import { plannedMs, scenario } from './scenario.ts';

/** What one side came to. Durations are in milliseconds, rounded. */
export interface LaneReport {
  readonly asked: number;
  /** The provider's own count. */
  readonly reachedProvider: number;
  readonly neverReachedProvider: number;
  readonly answered: number;
  readonly failed: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Calls rejected although the provider was well again. */
  readonly rejectedAfterOutage: number;
  /** Time that callers waited for calls that failed, summed over the callers. */
  readonly waitedForFailuresMs: number;
  /** From the end of the outage to the first answer. */
  readonly firstAnswerAfterOutageMs: number | null;
  readonly calls: readonly Call[];
}

/** What the demo found; `--json` prints it as it is. */
export interface DemoReport {
  readonly isInterrupted: boolean;
  readonly durationMs: number;
  readonly scenario: typeof scenario & { readonly plannedMs: number };
  readonly outage: Outage;
  readonly withBreaker: LaneReport;
  readonly withoutBreaker: LaneReport;
  /** How many calls were let through, counted at both ends of the wire. */
  readonly counts: { readonly provider: number; readonly breaker: number; readonly agree: boolean };
  readonly timeToDetectMs: number | null;
  readonly timeToRecoverMs: number | null;
  readonly waitingSaved: {
    /** Waiting for failures without a breaker, less the waiting with one. */
    readonly measuredMs: number;
    /** Calls rejected during the outage, times the mean duration of a call that failed past the breaker. */
    readonly estimatedMs: number | null;
    readonly rejectedDuringOutage: number;
    readonly meanFailureMs: number | null;
  };
  readonly transitions: readonly Transition[];
}

/** Adds up what has been recorded. */
export function summarise(recording: Recording): DemoReport {
  const { outage, transitions, isInterrupted, elapsedMs } = recording;
  const withBreaker = reportLane(recording.guarded, outage);
  const withoutBreaker = reportLane(recording.bare, outage);
  return {
    isInterrupted,
    durationMs: Math.round(elapsedMs),
    scenario: { ...scenario, plannedMs },
    ...{ outage, withBreaker, withoutBreaker },
    counts: compareCounts(recording, withBreaker),
    timeToDetectMs: timeUntil(transitions, 'open', outage.fromMs),
    timeToRecoverMs: timeUntil(transitions, 'closed', outage.toMs),
    waitingSaved: weighWaiting(withBreaker, withoutBreaker),
    transitions,
  };
}

function reportLane({ calls, requestCount }: LaneRecording, { toMs }: Outage): LaneReport {
  const count = (outcome: Outcome) => calls.filter((call) => call.outcome === outcome).length;
  const afterOutage = toMs === null ? [] : calls.filter(({ askedAtMs }) => askedAtMs >= toMs);
  const firstAnswerAt = afterOutage.find(({ outcome }) => outcome === 'answered')?.endedAtMs;
  const failed = calls.filter(isFailed);
  return {
    asked: calls.length,
    reachedProvider: requestCount,
    neverReachedProvider: calls.length - requestCount,
    answered: count('answered'),
    failed: failed.length,
    rejected: count('rejected'),
    cancelled: count('cancelled'),
    rejectedAfterOutage: afterOutage.filter(({ outcome }) => outcome === 'rejected').length,
    waitedForFailuresMs: sumDurations(failed),
    firstAnswerAfterOutageMs: toMs === null || firstAnswerAt == null ? null : firstAnswerAt - toMs,
    calls,
  };
}

/** A call given up when the demo is interrupted may have been cut off before the provider had read it. */
function compareCounts(recording: Recording, { cancelled }: LaneReport): DemoReport['counts'] {
  const provider = recording.guarded.requestCount;
  const breaker = recording.admittedCount;
  return { provider, breaker, agree: provider <= breaker && provider >= breaker - cancelled };
}

function timeUntil(transitions: readonly Transition[], to: Transition['to'], sinceMs: number | null): number | null {
  if (sinceMs === null) return null;
  const found = transitions.find((transition) => transition.to === to && transition.atMs >= sinceMs);
  return found ? found.atMs - sinceMs : null;
}

function weighWaiting(withBreaker: LaneReport, withoutBreaker: LaneReport): DemoReport['waitingSaved'] {
  const rejectedDuringOutage = withBreaker.rejected - withBreaker.rejectedAfterOutage;
  const meanMs = withBreaker.failed === 0 ? null : withBreaker.waitedForFailuresMs / withBreaker.failed;
  return {
    measuredMs: withoutBreaker.waitedForFailuresMs - withBreaker.waitedForFailuresMs,
    estimatedMs: meanMs === null ? null : Math.round(rejectedDuringOutage * meanMs),
    rejectedDuringOutage,
    meanFailureMs: meanMs === null ? null : Math.round(meanMs),
  };
}

function sumDurations(calls: readonly Call[]): number {
  return calls.reduce((sum, call) => sum + durationMs(call, call.askedAtMs), 0);
}
