import { presentOf } from '../actor-clock.ts';
import type { BreakerContext } from '../breaker-context.ts';
import { closeCircuit, type Moment, nextGeneration, outageOf } from '../context-updates.ts';
import { highestTally } from '../counting/add-up.ts';
import { modeOf } from '../counting/counting-mode.ts';
import { areSoundCounts } from '../counting/sound-counts.ts';
import { windowCounts } from '../counting/window-counts.ts';
import { instantOf } from '../event-facts.ts';
import { soundReason } from '../failure-reason.ts';
import type { FleetEvent } from '../fleet-events.ts';
import { leaseMsOf, runningLeases } from '../fleet-leases.ts';
import { type FleetView, unknownFleet } from '../fleet-view.ts';
import { longestDurationMs } from '../settings/option-rules.ts';

type Update = Partial<BreakerContext>;

/** The fleet can be reached. */
export function connectFleet({ context }: Moment): Update {
  return { fleet: { ...(context.fleet ?? unknownFleet), isConnected: true } };
}

/** The fleet cannot be reached: what it has lent is of no worth any more. */
export function disconnectFleet({ context }: Moment): Update {
  return { fleet: { ...(context.fleet ?? unknownFleet), isConnected: false, leases: [], hasAsked: false } };
}

/** What the fleet tells is remembered, and changes nothing else. */
export function noteFleet({ context, event }: Moment): Update {
  return { fleet: viewAfter(context.fleet, event) };
}

/** A circuit that was closed here opens because the fleet's does. */
export function adoptOpening(moment: Moment): Update {
  return { ...openWithFleet(moment), fleet: { ...nextView(moment), isImposed: true } };
}

/** The trial of another breaker failed, or the fleet opens while this one was trying on its own. */
export function adoptReopening(moment: Moment): Update {
  return {
    ...openWithFleet(moment),
    fleet: { ...nextView(moment), isImposed: moment.context.fleet?.isImposed ?? false },
  };
}

/** An open circuit waits as long as the fleet does; one that has opened by itself, at least as long as it meant to. */
export function adoptWait(moment: Moment): Update {
  const { context } = moment;
  const waitMs = fleetWaitOf(moment);
  const fleet = viewAfter(context.fleet, moment.event);
  const at = instantOf(moment);
  // Of its own wait no more is left than all of it, however far the clock went back.
  const ownUntil = fleet.isImposed
    ? at
    : Math.min(context.recoverAt ?? at, presentOf(moment.self) + (context.waitMs ?? 0));
  const recoverAt = Math.max(at + waitMs, ownUntil);
  const reopenings = Math.max(context.reopenings, reopeningsOf(moment));
  return { fleet, reopenings, recoverAt, waitMs: Math.max(waitMs, fleet.isImposed ? 0 : (context.waitMs ?? 0)) };
}

/** Tells whether an event brings what had been counted when the fleet opened the circuit. */
export function isOfOpening({ context, event }: Pick<Moment, 'context' | 'event'>): boolean {
  const isOfGeneration = event.type === 'calls.counted' && event.generation === context.generation - 1;
  return isOfGeneration && context.fleet?.isImposed === true;
}

/** What had been counted when the fleet opened the circuit is known now. */
export function completeOpening({ context, event }: Moment): Update {
  if (event.type !== 'calls.counted' || !areSoundCounts(event.counts, modeOf(context.settings))) return {};
  return { outage: { ...context.outage, counts: windowCounts(event.counts, context.settings, context.since) } };
}

/** The circuit closes because the fleet's does. */
export function adoptClosing(moment: Moment): Update {
  return { ...closeCircuit(moment), fleet: nextView(moment) };
}

/** The circuit is isolated because the fleet's is. */
export function adoptIsolation(moment: Moment): Update {
  return { ...nextGeneration(moment), reopenings: 0, fleet: { ...nextView(moment), isImposed: true } };
}

/** The fleet lends a half-open slot; one that it has lent before is prolonged. */
export function takeLease(moment: Moment): Update {
  const { event } = moment;
  if (event.type !== 'fleet.leaseGranted') return {};
  const { fleet: view, settings } = moment.context;
  const fleet = view ?? unknownFleet;
  const token = wholeOf(event.token) ?? (fleet.leases.at(-1)?.token ?? 0) + 1;
  // One that runs longer than a whole one would look like one of a clock that went back.
  const leaseMs = Math.min(msOf(event.leaseFor) ?? leaseMsOf(settings), leaseMsOf(settings));
  const others = fleet.leases.filter((lease) => lease.token !== token);
  return {
    fleet: { ...fleet, hasAsked: false, leases: [...others, { token, expiresAt: instantOf(moment) + leaseMs }] },
  };
}

/** A lease has gone. */
export function dropLease({ context, event }: Moment): Update {
  const { fleet } = context;
  if (fleet === null || event.type !== 'fleet.leaseLost') return {};
  const { token: lost } = event;
  return { fleet: { ...fleet, leases: fleet.leases.filter(({ token }) => lost !== undefined && token !== lost) } };
}

/** Leases that have run out are of no use; the number of the trial that was to start on one is not given again. */
export function dropLeasesOver(moment: Moment): Update {
  const { fleet, trialsStarted } = moment.context;
  if (fleet === null) return {};
  const leases = runningLeases(moment.context, instantOf(moment));
  return { fleet: { ...fleet, leases }, trialsStarted: trialsStarted + 1 };
}

/** Of the hands here that hold the circuit open the last has let go: from now on only others hold it. */
export function imposeLastHold({ context: { holds, fleet } }: Moment): Update {
  return holds === 0 && fleet ? { fleet: { ...fleet, isImposed: true } } : {};
}

/** A slot is asked for. */
export function askForLease({ context }: Moment): Update {
  return context.fleet === null ? {} : { fleet: { ...context.fleet, hasAsked: true } };
}

function openWithFleet(moment: Moment): Update {
  const waitMs = fleetWaitOf(moment);
  return {
    ...nextGeneration(moment),
    outage: outageOf(moment),
    ...{ reopenings: reopeningsOf(moment), waitMs, recoverAt: instantOf(moment) + waitMs },
  };
}

/** How often the fleet's trials have failed; as often as was seen here, where it does not say. */
function reopeningsOf({ context, event }: Moment): number {
  const told = 'reopenings' in event ? wholeOf(event.reopenings) : undefined;
  return Math.min(told ?? context.reopenings, highestTally);
}

/** The view with what the fleet tells, at the begin of a new generation. */
function nextView(moment: Moment): FleetView {
  return viewAfter(nextGeneration(moment).fleet ?? null, moment.event);
}

function viewAfter(view: FleetView | null, event: Moment['event'] | FleetEvent): FleetView {
  const fleet = view ?? unknownFleet;
  if (event.type === 'fleet.opened')
    return { ...fleet, state: 'open', reason: soundReason(event.reason), holdsOfOthers: 0 };
  if (event.type === 'fleet.isolated')
    return { ...fleet, state: 'isolated', reason: null, holdsOfOthers: wholeOf(event.others) ?? 1 };
  return { ...fleet, state: 'closed', reason: null, holdsOfOthers: 0, isImposed: false };
}

/** How long the fleet still waits, in ms; 0 is a wait that is over. */
function fleetWaitOf({ context, event }: Moment): number {
  const wait = 'openFor' in event ? event.openFor : undefined;
  const waitMs = msOf(wait);
  return waitMs !== undefined && waitMs <= longestDurationMs ? waitMs : context.settings.recoveryTimeoutMs;
}

/** A count or a number of others, where it is one: an integer from 0. */
function wholeOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A duration of others, in ms from 0, where it is one. */
function msOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
