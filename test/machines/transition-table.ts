import { type BreakerContext, type BreakerEvent, callFailed, noOutcomes } from 'agent-circuit-breaker/machines';
import type { Leaf } from './running-breaker.ts';

/**
 * What an event does in a leaf: nothing at all (`same`), something that only the context notes (`noted`), a new
 * generation of the same state (`fresh`), or a transition to a leaf.
 */
export type Effect = 'same' | 'noted' | 'fresh' | Leaf;

/** An event and its effect in every leaf. */
export interface Row {
  readonly title: string;
  readonly type: BreakerEvent['type'];
  /** The event, dated from what the breaker remembers. */
  readonly event: (context: BreakerContext) => BreakerEvent;
  readonly effects: Readonly<Record<Leaf, Effect>>;
}

/**
 * In the order closed, open, half-open with a free slot, waiting for one that the fleet lends, without one, on a ramp,
 * isolated, disabled.
 */
type Columns = readonly [Effect, Effect, Effect, Effect, Effect, Effect, Effect, Effect];

const same = 'same';
const free = 'halfOpen.free';
const full = 'halfOpen.full';

/** One of everything: failureThreshold, halfOpenTrials and successThreshold are 1, and one hand holds. */
export const oneIsEnough: readonly Row[] = [
  now('call.succeeded', ['noted', same, 'closed', 'closed', 'closed', 'noted', same, same]),
  now('call.failed', ['open', same, 'open', 'open', 'open', 'open', same, same]),
  now('call.ignored', [same, same, same, same, free, same, same, same]),
  now('call.cancelled', [same, same, same, same, free, same, same, same]),
  now('calls.counted', [same, same, same, same, same, same, same, same]),
  now('trial.started', [same, same, full, same, same, 'noted', same, same]),
  now('trial.expired', [same, same, same, same, same, same, same, same]),
  due('trial.expired', [same, same, same, same, free, same, same, same]),
  now('recovery.elapsed', [same, same, same, same, same, same, same, same]),
  due('recovery.elapsed', [same, free, same, same, free, 'closed', same, same]),
  now('breaker.isolate', ['isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'noted', 'isolated']),
  now('breaker.release', [same, same, same, same, same, same, 'closed', same]),
  now('breaker.reset', ['fresh', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed']),
  now('breaker.trip', ['open', same, 'open', 'open', 'open', 'open', same, 'open']),
  now('breaker.disable', ['disabled', 'disabled', 'disabled', 'disabled', 'disabled', 'disabled', 'disabled', same]),
  now('breaker.enable', [same, same, same, same, same, same, same, 'closed']),
];

/** failureThreshold, halfOpenTrials, successThreshold and trialFailureThreshold are 2, and two hands hold. */
export const twoAreWanted: readonly Row[] = [
  now('call.succeeded', ['noted', same, 'noted', 'noted', free, 'noted', same, same]),
  now('call.failed', ['noted', same, 'noted', 'noted', free, 'noted', same, same]),
  now('call.ignored', [same, same, same, same, free, same, same, same]),
  now('call.cancelled', [same, same, same, same, free, same, same, same]),
  now('trial.started', [same, same, 'noted', same, same, 'noted', same, same]),
  due('trial.expired', [same, same, same, same, free, same, same, same]),
  now('breaker.isolate', ['isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'noted', 'isolated']),
  now('breaker.release', [same, same, same, same, same, same, 'noted', same]),
];

/** What is counted elsewhere is noted where calls are counted. */
export const countedElsewhere: readonly Row[] = [
  {
    title: 'calls.counted with counts',
    type: 'calls.counted',
    event: ({ since }) => ({
      type: 'calls.counted',
      at: since,
      counts: { ...noOutcomes, consecutiveFailures: 1 },
    }),
    effects: columns(['noted', same, same, same, same, same, same, same]),
  },
];

/** An error for which `countsAsFailure` is false. */
export class NeutralError extends Error {}

/** Errors that do not count; one of everything. */
export const neutralErrors: readonly Row[] = [
  {
    title: 'call.failed with an error that does not count',
    type: 'call.failed',
    event: ({ since }) => callFailed(new NeutralError(), { at: since }),
    effects: columns([same, same, same, same, free, same, same, same]),
  },
];

/** Outcomes of calls that the present generation has not admitted, and of trials that are not running. */
export const lateOutcomes: readonly Row[] = [
  ...late('call.succeeded'),
  ...late('call.failed'),
  ...late('call.ignored'),
  ...late('call.cancelled'),
];

/**
 * What a fleet tells, and is asked; one of everything. Only where slots are waited for has it been heard of before; one hand
 * holds here.
 */
export const ofTheFleet: readonly Row[] = [
  now('fleet.join', [same, same, same, same, same, same, same, same]),
  now('fleet.connected', ['noted', 'noted', 'noted', same, 'noted', 'noted', 'noted', 'noted']),
  now('fleet.disconnected', ['noted', 'noted', 'noted', free, 'noted', 'noted', 'noted', 'noted']),
  now('fleet.opened', ['open', 'noted', 'open', 'open', 'open', 'open', 'noted', 'noted']),
  now('fleet.closed', ['noted', 'closed', 'closed', 'closed', 'closed', 'closed', 'noted', 'noted']),
  now('fleet.isolated', ['isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'isolated', 'noted', 'noted']),
  now('fleet.leaseGranted', [same, same, 'noted', free, 'noted', 'noted', same, same]),
  now('fleet.leaseLost', [same, same, same, same, same, same, same, same]),
  now('lease.requested', [same, same, same, 'noted', same, same, same, same]),
  now('trial.requested', [same, same, same, 'noted', same, same, same, same]),
];

/** Every event type that has nothing to do with a fleet. */
export const ownEventTypes: ReadonlySet<BreakerEvent['type']> = new Set(oneIsEnough.map(({ type }) => type));

/** Every event type of the chart. */
export const eventTypes: ReadonlySet<BreakerEvent['type']> = new Set(
  [...oneIsEnough, ...ofTheFleet].map(({ type }) => type),
);

function now(type: BreakerEvent['type'], effects: Columns): Row {
  // A trial on a ramp is drawn by lot: this one belongs to every share.
  const lot = type === 'trial.started' ? { lot: 0 } : {};
  return { title: type, type, event: ({ since }) => ({ type, at: since, ...lot }), effects: columns(effects) };
}

/** Dated at the first instant at which the wait or the lease is over. */
function due(type: 'trial.expired' | 'recovery.elapsed', effects: Columns): Row {
  const rampEnd = ({ rampStartedAt, settings: { ramp } }: BreakerContext) =>
    rampStartedAt === null || ramp === null ? undefined : rampStartedAt + ramp.steps * ramp.stepDurationMs;
  const instant = (context: BreakerContext) =>
    context.recoverAt ?? context.trials[0]?.expiresAt ?? rampEnd(context) ?? context.since;
  return {
    title: `${type} that is due`,
    type,
    event: (context) => ({ type, at: instant(context) }),
    effects: columns(effects),
  };
}

function late(type: 'call.succeeded' | 'call.failed' | 'call.ignored' | 'call.cancelled'): readonly Row[] {
  const row = (title: string, event: Row['event']): Row => ({
    title: `${type} ${title}`,
    type,
    event,
    effects: columns([same, same, same, same, same, same, same, same]),
  });
  return [
    row('of an earlier generation', ({ generation, since }) => ({ type, generation: generation - 1, at: since })),
    row('of an earlier generation, undated', ({ generation }) => ({ type, generation: generation - 1 })),
    row('of a later generation', ({ generation, since }) => ({ type, generation: generation + 1, at: since })),
    row('of a trial that is not running', ({ since }) => ({ type, trial: 'gone', at: since })),
    row('of a trial that is not running, undated', () => ({ type, trial: 'gone' })),
  ];
}

function columns([
  closed,
  open,
  halfOpenFree,
  waiting,
  halfOpenFull,
  ramping,
  isolated,
  disabled,
]: Columns): Row['effects'] {
  return {
    ...{ closed, open, isolated, disabled },
    ...{ [free]: halfOpenFree, 'halfOpen.waiting': waiting, [full]: halfOpenFull, 'halfOpen.ramping': ramping },
  };
}
