import { lotOf, presentOf } from './actor-clock.ts';
import { type BreakerContext, freshState } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { addUp } from './counting/add-up.ts';
import { countFailures, countSuccesses } from './counting/count-outcomes.ts';
import { modeOf } from './counting/counting-mode.ts';
import { areSoundCounts } from './counting/sound-counts.ts';
import { windowCounts } from './counting/window-counts.ts';
import { countOf, instantOf, openForOf, reportOf, trialOf } from './event-facts.ts';
import { noOutage, type Outage } from './outage.ts';
import { longestLeaseMs } from './overdue.ts';
import { recoveryWaitMs } from './recovery-wait.ts';
import { findTrial, lapse, nextTrialId, outstandingOf, shortenedLeases, type Trials, withoutTrial } from './trials.ts';

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

/** How long a circuit that opens now has to wait, in ms, when trials have failed `reopenings` times. */
export type WaitOf = (moment: Moment, reopenings: number) => number;

/** The wait by the settings: see `recoveryBackoff`. */
export const waitBySettings: WaitOf = ({ context, self }, reopenings) => {
  const { settings } = context;
  // Chance is asked only where it has a say, so that it can be replayed.
  return recoveryWaitMs(settings, reopenings, settings.backoff?.jitter ? lotOf(self) : 0);
};

/** The circuit opens and waits for its recovery. */
export function openCircuit(waitOf: WaitOf): (moment: Moment) => Update {
  return (moment) => openUpdate(moment, waitOf, moment.context.reopenings);
}

/** A trial failed: the circuit opens once more. */
export function reopenCircuit(waitOf: WaitOf): (moment: Moment) => Update {
  return (moment) => openUpdate(moment, waitOf, addUp(moment.context.reopenings, 1));
}

/** A failure that arrives while the circuit is open asks for a longer wait. */
export function extendWait(moment: Moment): Update {
  const { recoverAt, waitMs } = moment.context;
  const openFor = openForOf(moment.event) ?? 0;
  // An event from the future cannot make the wait shorter than it was.
  const restMs = Math.min((recoverAt ?? 0) - presentOf(moment.self), waitMs ?? 0);
  return { recoverAt: instantOf(moment) + openFor, waitMs: Math.max(openFor, restMs) };
}

/** The wait is over: trials may run. */
export function halfOpenCircuit(moment: Moment): Update {
  const { fleet, outage } = moment.context;
  const next = { ...nextGeneration(moment), outage: { ...noOutage, counts: outage.counts } };
  return next.fleet && fleet ? { ...next, fleet: { ...next.fleet, isImposed: fleet.isImposed } } : next;
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
  const longest = presentOf(self) + (context.waitMs ?? 0);
  return { recoverAt: Math.min(context.recoverAt ?? longest, longest) };
}

/** A call of a closed circuit succeeded. */
export function recordSuccess(moment: Moment): Update {
  return countSuccesses(moment.context, moment.context.settings, reportAt(moment));
}

/** A call of a closed circuit failed, and the circuit stays closed. */
export function recordFailure(moment: Moment): Update {
  return countFailures(moment.context, moment.context.settings, reportAt(moment));
}

/** Calls were counted elsewhere. */
export function adoptCounts({ context, event }: Moment): Update {
  if (event.type !== 'calls.counted' || !areSoundCounts(event.counts, modeOf(context.settings))) return {};
  const { consecutiveFailures, failureTimes, window } = event.counts;
  return { consecutiveFailures, failureTimes, window };
}

/** A half-open slot is taken; a trial that is running already is not started twice. */
export function startTrial(moment: Moment): Update {
  const { settings, trialsStarted, outage } = moment.context;
  const outstanding = lapseNow(moment);
  const { trials, lapsedTrials } = outstanding;
  const id = trialOf(moment.event) ?? nextTrialId(outstanding, trialsStarted);
  if (findTrial(trials, id)) return withTrials(outage, outstanding);
  const expiresAt = instantOf(moment) + settings.trialTimeoutMs;
  // A number that was a name once is never given again: a late result would be taken for that of the new trial.
  const number = Number.isSafeInteger(id) ? Number(id) : 0;
  return {
    trials: [...trials, { id, expiresAt }],
    outage: {
      ...outage,
      hasStartedTrials: true,
      // A name that is given again stands for the new trial.
      lapsedTrials: lapsedTrials.filter((name) => name !== id),
      leaseMs: Math.max(outage.leaseMs, settings.trialTimeoutMs),
    },
    trialsStarted: Math.max(trialsStarted + 1, number),
  };
}

/** A trial succeeded, and more of them are wanted before the circuit closes. */
export function recordTrialSuccess(moment: Moment): Update {
  const { outage, trialSuccesses } = moment.context;
  return { ...withTrials(outage, endTrials(moment)), trialSuccesses: addUp(trialSuccesses, countOf(moment.event)) };
}

/** A trial failed, and fewer have failed than re-open the circuit. */
export function recordTrialFailure(moment: Moment): Update {
  const { outage } = moment.context;
  const trialFailures = addUp(outage.trialFailures, countOf(moment.event));
  return withTrials({ ...outage, trialFailures }, endTrials(moment));
}

/** The trials went well: calls are let through in growing shares. */
export function startRamp(moment: Moment): Update {
  return { ...recordTrialSuccess(moment), rampStartedAt: instantOf(moment) };
}

/** A ramp, and the leases of its trials, never last longer than full ones from now; see `shortenWait`. */
export function shortenRamp(moment: Moment): Update {
  const present = presentOf(moment.self);
  return {
    ...releaseExpiredTrials(moment),
    rampStartedAt: Math.min(moment.context.rampStartedAt ?? present, present),
  };
}

/** A call does not belong to the share that is let through: the number of its trial is not given again. */
export function skipTrial({ context }: Moment): Update {
  return { trialsStarted: nextTrialId(outstandingOf(context), context.trialsStarted) };
}

/** A trial ended without a verdict and gives its slot back. */
export function releaseTrial(moment: Moment): Update {
  return withTrials(moment.context.outage, withoutTrial(lapseNow(moment), trialOf(moment.event)));
}

/**
 * Leases that have run out give their slots back: that of the trial that the event names, or any. None lasts longer than a
 * full one from now, see `shortenWait`.
 */
export function releaseExpiredTrials(moment: Moment): Update {
  const { context, event, self } = moment;
  const { trials, lapsedTrials } = lapse(outstandingOf(context), instantOf(moment), trialOf(event));
  const shortened = shortenedLeases(trials, presentOf(self), longestLeaseMs(context));
  return withTrials(context.outage, { trials: shortened, lapsedTrials });
}

/** One more hand holds the circuit open. */
export function addHold({ context }: Moment): Update {
  return { holds: addUp(context.holds, 1) };
}

/** One hand lets go; others still hold. */
export function removeHold({ context }: Moment): Update {
  // One that only others of a fleet hold has no hold of its own to lose.
  return { holds: Math.max(0, context.holds - 1) };
}

function openUpdate(moment: Moment, waitOf: WaitOf, reopenings: number): Update {
  const waitMs = openForOf(moment.event) ?? waitOf(moment, reopenings);
  return {
    ...nextGeneration(moment),
    ...{ reopenings, outage: outageOf(moment), waitMs, recoverAt: instantOf(moment) + waitMs },
  };
}

/** An outage that begins, with what has been counted and the outcome that opens the circuit; a re-opening goes on with it. */
export function outageOf(moment: Moment): Outage {
  const { context, event } = moment;
  const { outage, settings } = context;
  if (outage.counts) return { ...noOutage, counts: outage.counts };
  const isOutcome = event.type === 'call.failed' || event.type === 'call.succeeded';
  const failed = isOutcome ? reportAt(moment) : undefined;
  return { ...noOutage, counts: windowCounts(context, settings, instantOf(moment), failed) };
}

function reportAt(moment: Moment) {
  return reportOf(moment.event, moment.context.settings, instantOf(moment));
}

/** The trials without those whose end the event tells. */
function endTrials(moment: Moment): Trials {
  return withoutTrial(lapseNow(moment), trialOf(moment.event), countOf(moment.event));
}

/** The trials at the instant of the event. */
export function lapseNow(moment: Moment): Trials {
  return lapse(outstandingOf(moment.context), instantOf(moment));
}

function withTrials(outage: Outage, { trials, lapsedTrials }: Trials): Update {
  return { trials, outage: outage.lapsedTrials === lapsedTrials ? outage : { ...outage, lapsedTrials } };
}

/** What every change of state, and every reset, begins with. */
export function nextGeneration(moment: Moment): Update {
  const { generation, fleet } = moment.context;
  return {
    ...freshState,
    generation: generation + 1,
    since: instantOf(moment),
    fleet: fleet && { ...fleet, isImposed: false, leases: [], hasAsked: false },
  };
}
