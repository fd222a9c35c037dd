import { presentOf } from './actor-clock.ts';
import { type BreakerContext, freshState } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { countFailures, countSuccess, type FailureReport } from './failure-counts.ts';
import { liveTrials, type TrialId, withoutTrial } from './trials.ts';

/** What an action of the chart is given. */
export interface Moment {
  readonly context: BreakerContext;
  readonly event: BreakerEvent;
  /** The actor, whose clock tells the present where the event does not. */
  readonly self: object;
}

type Update = Partial<BreakerContext>;

/** The circuit closes, or is reset while closed: everything counted is forgotten. */
export function closeCircuit(moment: Moment): Update {
  return { ...nextGeneration(moment), reopenings: 0 };
}

/** The circuit opens and waits for its recovery. */
export function openCircuit(moment: Moment): Update {
  const { recoveryTimeoutMs } = moment.context.settings;
  return { ...nextGeneration(moment), recoverAt: instantOf(moment) + recoveryTimeoutMs };
}

/** A trial failed: the circuit opens once more. */
export function reopenCircuit(moment: Moment): Update {
  return { ...openCircuit(moment), reopenings: moment.context.reopenings + 1 };
}

/** The wait is over: trials may run. */
export function halfOpenCircuit(moment: Moment): Update {
  return nextGeneration(moment);
}

/** Somebody holds the circuit open. */
export function isolateCircuit(moment: Moment): Update {
  return { ...nextGeneration(moment), reopenings: 0, holds: 1 };
}

/** The circuit lets everything pass and counts nothing. */
export function disableCircuit(moment: Moment): Update {
  return { ...nextGeneration(moment), reopenings: 0 };
}

/** An open circuit never waits longer than one full wait from a look at the clock. */
export function shortenWait(moment: Moment): Update {
  const { recoverAt, settings } = moment.context;
  const longest = instantOf(moment) + settings.recoveryTimeoutMs;
  return { recoverAt: Math.min(recoverAt ?? longest, longest) };
}

/** A call of a closed circuit succeeded. */
export function recordSuccess({ context }: Moment): Update {
  return countSuccess(context);
}

/** A call of a closed circuit failed, and the circuit stays closed. */
export function recordFailure(moment: Moment): Update {
  const { context, event } = moment;
  return countFailures(context, context.settings, failureReportOf(event, instantOf(moment)));
}

/** A half-open slot is taken; a trial that is running already is not started twice. */
export function startTrial(moment: Moment): Update {
  const { settings, trials, trialsStarted } = moment.context;
  const id = trialOf(moment.event) ?? trialsStarted + 1;
  if (trials.some((trial) => trial.id === id)) return {};
  const expiresAt = instantOf(moment) + settings.trialTimeoutMs;
  return { trials: [...trials, { id, expiresAt }], trialsStarted: trialsStarted + 1 };
}

/** A trial succeeded, and more of them are wanted before the circuit closes. */
export function recordTrialSuccess({ context, event }: Moment): Update {
  const count = countOf(event);
  return {
    trials: withoutTrial(context.trials, trialOf(event), count),
    trialSuccesses: context.trialSuccesses + count,
  };
}

/** A trial ended without a verdict and gives its slot back. */
export function releaseTrial({ context, event }: Moment): Update {
  return { trials: withoutTrial(context.trials, trialOf(event)) };
}

/** Leases that have run out give their slots back. */
export function releaseExpiredTrials(moment: Moment): Update {
  const { trials, settings } = moment.context;
  const only = trialOf(moment.event);
  return { trials: liveTrials(trials, instantOf(moment), settings.trialTimeoutMs, only) };
}

/** One more hand holds the circuit open. */
export function addHold({ context }: Moment): Update {
  return { holds: context.holds + 1 };
}

/** One hand lets go; others still hold. */
export function removeHold({ context }: Moment): Update {
  return { holds: context.holds - 1 };
}

/** The instant (epoch ms) of an event: its own, or the present by the actor's clock. */
export function instantOf({ event, self }: Pick<Moment, 'event' | 'self'>): number {
  return event.at ?? presentOf(self);
}

/** How many calls an outcome stands for. */
export function countOf(event: BreakerEvent): number {
  return 'count' in event && event.count !== undefined ? event.count : 1;
}

/** The failures that a `call.failed` event reports. */
export function failureReportOf(event: BreakerEvent, at: number): FailureReport {
  return { at, count: countOf(event), times: 'times' in event ? event.times : undefined };
}

/** The trial that an event names, if it names one. */
export function trialOf(event: BreakerEvent): TrialId | undefined {
  return 'trial' in event ? event.trial : undefined;
}

function nextGeneration(moment: Moment): Update {
  return {
    ...freshState,
    generation: moment.context.generation + 1,
    since: instantOf(moment),
  };
}
