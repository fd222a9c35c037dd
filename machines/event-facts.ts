import { presentOf } from './actor-clock.ts';
import type { BreakerEvent } from './breaker-events.ts';
import type { FailureReport } from './failure-counts.ts';
import type { TrialId } from './trials.ts';

/** When an event says that it happened (epoch ms); undefined where it does not say, or says no number. */
export function dateOf(event: BreakerEvent): number | undefined {
  return Number.isFinite(event.at) ? event.at : undefined;
}

/** The instant (epoch ms) of an event: its own date, or the present by the clock of the actor `self`. */
export function instantOf({ event, self }: { readonly event: BreakerEvent; readonly self: object }): number {
  return dateOf(event) ?? presentOf(self);
}

/** How many calls an outcome stands for; one where it does not say, or says nonsense. */
export function countOf(event: BreakerEvent): number {
  const count = 'count' in event ? event.count : undefined;
  return count !== undefined && Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** The failures that a `call.failed` event reports. */
export function failureReportOf(event: BreakerEvent, at: number): FailureReport {
  return { at, count: countOf(event), times: 'times' in event ? event.times : undefined };
}

/** The trial that an event names, if it names one. */
export function trialOf(event: BreakerEvent): TrialId | undefined {
  return 'trial' in event ? event.trial : undefined;
}
