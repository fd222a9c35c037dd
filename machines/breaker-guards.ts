import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { reachesThreshold } from './counting/count-outcomes.ts';
import { countOf, dateOf, isSlowEnd, lotIn, openForOf, reportOf, trialOf } from './event-facts.ts';
import { mayAsk, needsLease, runningLeases, slotsOf } from './fleet-leases.ts';
import { rampDurationMs, rampShare } from './recovery-ramp.ts';
import { findTrial, hasLapsed, isOutstanding, lapse, outstandingOf } from './trials.ts';

/** What a guard of the chart is given. */
export interface Question {
  readonly context: BreakerContext;
  readonly event: BreakerEvent;
}

/** The event does not say when it happened, so nothing that depends on time can be judged yet. */
export function isUndated({ event }: Question): boolean {
  return dateOf(event) === undefined;
}

/** The options of the machine that has restored the actor are not applied yet. */
export function isUnconfigured(_question: Question): boolean {
  return false;
}

/**
 * The outcome comes too late to change anything: its call was admitted in an earlier generation, or it is that of a trial
 * that was never started or has ended already, or the ramp that it belongs to is over.
 */
export function isLate({ context, event }: Question): boolean {
  if ('generation' in event && event.generation !== undefined) if (event.generation !== context.generation) return true;
  if (rampOver({ context, event })) return true;
  const id = trialOf(event);
  // Where no trial was ever started, an outcome without a name is that of a trial nobody announced.
  if (id === undefined && !context.outage.hasStartedTrials) return false;
  return !isOutstanding(outstandingOf(context), id);
}

/** The fleet has lent the slot of the trial to another: its lease is over. */
export function slotIsLent({ context, event }: Question): boolean {
  return needsLease(context) && hasLapsed(lapse(outstandingOf(context), dateOf(event)), trialOf(event));
}

/** The error of a failed call counts; every error does, unless a predicate or an exclusion is provided. */
export function countsAsFailure(_question: Question): boolean {
  return true;
}

/** With this failure the circuit has to open. */
export function thresholdReached({ context, event }: Question): boolean {
  return reachesThreshold(context, context.settings, reportOf(event, context.settings, dateOf(event) ?? 0));
}

/** The failure says that it is of no use to go on. */
export function opensAtOnce({ event }: Question): boolean {
  return 'openNow' in event && event.openNow === true;
}

/** The call ended well, but took longer than it may. */
export function isSlow({ context, event }: Question): boolean {
  return isSlowEnd(event, context.settings);
}

/** The failure asks for a wait that ends later than the present one, which is not over yet. */
export function asksForLongerWait(question: Question): boolean {
  const { context, event } = question;
  const until = (dateOf(event) ?? Number.NaN) + (openForOf(event) ?? Number.NaN);
  return context.recoverAt !== null && until > context.recoverAt && !recoveryDue(question);
}

/** The wait of an open circuit is over. */
export function recoveryDue({ context, event }: Question): boolean {
  const at = dateOf(event);
  return at !== undefined && context.recoverAt !== null && at >= context.recoverAt;
}

/** With this success enough trials have gone well. */
export function successThresholdReached({ context, event }: Question): boolean {
  return context.trialSuccesses + countOf(event) >= context.settings.successThreshold;
}

/** With this failure enough trials have gone badly. */
export function trialFailureThresholdReached({ context, event }: Question): boolean {
  return context.outage.trialFailures + countOf(event) >= context.settings.trialFailureThreshold;
}

/** Every half-open slot is taken. */
export function slotsTaken({ context }: Question): boolean {
  return context.trials.length >= slotsOf(context);
}

/** With this trial every half-open slot is taken; one that is running already takes none. */
export function takesLastSlot({ context, event }: Question): boolean {
  const { trials } = lapse(outstandingOf(context), dateOf(event));
  const id = trialOf(event);
  const isNew = id === undefined || findTrial(trials, id) === undefined;
  return isNew && trials.length + 1 >= slotsOf(context);
}

/** The calls are let through in growing shares before the circuit closes. */
export function hasRamp({ context }: Question): boolean {
  return context.settings.ramp !== null;
}

/** The event does not bring what decides whether the call belongs to the share that is let through. */
export function isUndrawn({ event }: Question): boolean {
  return lotIn(event) === undefined;
}

/** The call belongs to the share that is let through now. */
export function isInShare({ context, event }: Question): boolean {
  const { settings, rampStartedAt } = context;
  const lot = lotIn(event) ?? 1;
  return settings.ramp !== null && lot < rampShare(settings.ramp, (dateOf(event) ?? 0) - (rampStartedAt ?? 0));
}

/** All calls are let through again. */
export function rampOver({ context, event }: Question): boolean {
  const at = dateOf(event);
  const { rampStartedAt, settings } = context;
  return at !== undefined && rampStartedAt !== null && at >= rampStartedAt + rampDurationMs(settings.ramp);
}

/** Nobody else holds the circuit open, here or elsewhere in the fleet. */
export function isLastHold({ context }: Question): boolean {
  return context.holds <= 1 && (context.fleet?.holdsOfOthers ?? 0) === 0;
}

/** The machine was provided with a fleet. */
export function hasFleet(_question: Question): boolean {
  return false;
}

/** Calls were counted elsewhere that ended before the fleet opened the circuit. */
export function isOfOpening(_question: Question): boolean {
  return false;
}

/** A hand here holds the circuit open. */
export function isHeldHere({ context }: Question): boolean {
  return context.holds > 0;
}

/** Trials need a slot that the fleet lends, and it has lent none. */
export function awaitsLease({ context }: Question): boolean {
  return needsLease(context) && slotsOf(context) === 0;
}

/** The lease that the trial was to run on has run out, though nobody has said so yet. */
export function leaseOver({ context, event }: Question): boolean {
  const at = dateOf(event);
  return at !== undefined && needsLease(context) && context.trials.length >= runningLeases(context, at).length;
}

/** The fleet may have a slot to lend, and has not been asked. */
export function mayAskForLease({ context }: Question): boolean {
  return mayAsk(context);
}
