import { isLot, lotOf, presentOf } from './actor-clock.ts';
import type { BreakerEvent } from './breaker-events.ts';
import type { OutcomeReport } from './counting/outcome-counts.ts';
import { type FailureReason, reasonOf, soundReason } from './failure-reason.ts';
import { isWaitMs } from './recovery-wait.ts';
import type { BreakerSettings } from './settings/breaker-settings.ts';
import type { TrialId } from './trials.ts';

/** Tells whether an event is the very first one of an actor, which brings its input. */
export function isFirst({ type }: { readonly type: string }): boolean {
  return type.startsWith('xstate.init');
}

/** The input of the actor; nothing that any other event brings by that name. */
export function inputIn(event: { readonly type: string }): object {
  return isFirst(event) && 'input' in event && typeof event.input === 'object' && event.input !== null
    ? event.input
    : {};
}

const again = Symbol('again');

/** Marks an event that the chart sends itself once more, so that it does so but once. */
export function sentAgain<T extends object>(event: T): T {
  return Object.defineProperty(event, again, { value: true });
}

/** Tells whether the chart has sent an event once more. */
export function isSentAgain(event: object): boolean {
  return again in event;
}

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

/** The outcome that an event reports. */
export function reportOf(event: BreakerEvent, settings: BreakerSettings, at: number): OutcomeReport {
  return { at, count: countOf(event), isSlow: isSlowEnd(event, settings) };
}

/** Tells whether a call took longer than it may. */
export function isSlowEnd(event: BreakerEvent, settings: BreakerSettings): boolean {
  return isSlowDuration('duration' in event ? event.duration : undefined, settings);
}

/** Tells whether a duration (ms; undefined where it was not measured) is longer than a call may take. */
export function isSlowDuration(duration: number | undefined, { slowCallThresholdMs }: BreakerSettings): boolean {
  return duration !== undefined && slowCallThresholdMs !== null && duration > slowCallThresholdMs;
}

/** The wait that a failure asks for, in ms; undefined where it asks for none, or for nonsense. */
export function openForOf(event: BreakerEvent): number | undefined {
  return 'openFor' in event && isWaitMs(event.openFor) ? event.openFor : undefined;
}

/** The number that decides whether a call belongs to the share that is let through, where the event brings one. */
export function lotIn(event: BreakerEvent): number | undefined {
  return 'lot' in event && isLot(event.lot) ? event.lot : undefined;
}

/** A copy of an event that says when it happened and brings a lot. */
export function drawn(event: BreakerEvent, self: object): BreakerEvent {
  return { ...event, at: instantOf({ event, self }), ...{ lot: lotIn(event) ?? lotOf(self) } };
}

/** The trial that an event names, if it names one. */
export function trialOf(event: BreakerEvent): TrialId | undefined {
  return 'trial' in event ? event.trial : undefined;
}

/** Why the event of a failure opened a circuit, as far as it says so. */
export function reasonIn(event: BreakerEvent): FailureReason | null {
  const told = 'reason' in event ? soundReason(event.reason) : null;
  if (told) return told;
  // That it was a failure can only mean that it was slow.
  if (event.type === 'call.succeeded') return { name: 'SlowCallError', kind: null, status: null };
  return 'error' in event && event.error !== undefined ? reasonOf(event.error, undefined) : null;
}
