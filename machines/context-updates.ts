import { presentOf } from './actor-clock.ts';
import { type BreakerContext, freshState } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { countOf, failureReportOf, instantOf, trialOf } from './event-facts.ts';
import { countFailures, countSuccess } from './failure-counts.ts';
import { findTrial, nextTrialId, runningTrials, shortenedLeases, type Trial, withoutTrial } from './trials.ts';

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

/**
 * An open circuit never waits longer than one full wait from now. The present counts, not the date of the event: the
 * question may be an old one.
 */
export function shortenWait({ context, self }: Moment): Update {
  const longest = presentOf(self) + context.settings.recoveryTimeoutMs;
  return { recoverAt: Math.min(context.recoverAt ?? longest, longest) };
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
  const { settings, trialsStarted } = moment.context;
  const trials = trialsAtMoment(moment);
  const id = trialOf(moment.event) ?? nextTrialId(trials, trialsStarted);
  if (findTrial(trials, id)) return { trials };
  const expiresAt = instantOf(moment) + settings.trialTimeoutMs;
  // A number that was a name once is never given again: a late result would be taken for that of the new trial.
  const number = Number.isSafeInteger(id) ? Number(id) : 0;
  return { trials: [...trials, { id, expiresAt }], trialsStarted: Math.max(trialsStarted + 1, number) };
}

/** A trial succeeded, and more of them are wanted before the circuit closes. */
export function recordTrialSuccess(moment: Moment): Update {
  const { context, event } = moment;
  const count = countOf(event);
  return {
    trials: withoutTrial(trialsAtMoment(moment), trialOf(event), count),
    trialSuccesses: context.trialSuccesses + count,
  };
}

/** A trial ended without a verdict and gives its slot back. */
export function releaseTrial(moment: Moment): Update {
  return { trials: withoutTrial(trialsAtMoment(moment), trialOf(moment.event)) };
}

/** Leases that have run out give their slots back: that of the trial that the event names, or any. */
export function releaseExpiredTrials(moment: Moment): Update {
  const { trials, settings } = moment.context;
  const named = trialOf(moment.event);
  const running = trialsAtMoment(moment);
  const kept = named === undefined ? running : trials.filter((trial) => trial.id !== named || running.includes(trial));
  return { trials: shortenedLeases(kept, presentOf(moment.self), settings.trialTimeoutMs) };
}

/** One more hand holds the circuit open. */
export function addHold({ context }: Moment): Update {
  return { holds: context.holds + 1 };
}

/** One hand lets go; others still hold. */
export function removeHold({ context }: Moment): Update {
  return { holds: context.holds - 1 };
}

function trialsAtMoment(moment: Moment): readonly Trial[] {
  return runningTrials(moment.context.trials, instantOf(moment));
}

function nextGeneration(moment: Moment): Update {
  return {
    ...freshState,
    generation: moment.context.generation + 1,
    since: instantOf(moment),
  };
}
