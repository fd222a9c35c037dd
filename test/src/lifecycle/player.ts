import type { BreakerMetrics, BreakerSnapshot } from 'agent-circuit-breaker';
import {
  type BreakerContext,
  type BreakerEmitted,
  type BreakerMachineOptions,
  type CircuitBreakerMachine,
  callsInWindow,
  rampShare,
  retryAfterMs,
} from 'agent-circuit-breaker/machines';
import type { SnapshotFrom } from 'xstate';
import type { TestClock } from '../../support/test-clock.ts';
import type { End, Order, Step, Way } from './history.ts';

type BreakerActorSnapshot = SnapshotFrom<CircuitBreakerMachine>;

/** An error that counts, and the class of those that do not. */
export const counted = new Error('counts');
export class Excluded extends Error {}
export const excluded = new Excluded('does not count');

/** How every player judges errors, and who hears of waits that are nonsense. */
export const judgement = {
  excludedErrors: [Excluded],
  onCallbackError: () => {},
} satisfies BreakerMachineOptions;

/** What everybody who watches a breaker must agree on. */
export interface View
  extends Pick<BreakerMetrics, 'state' | 'generation' | 'since' | 'consecutiveFailures' | 'failureRate' | 'slowRate'>,
    Pick<BreakerMetrics, 'reopenings' | 'waitMs' | 'trials' | 'rampShare' | 'retryAfterMs'> {
  readonly recoverAt: number | null;
}

/** What a chart knows of what is written down; only a facade has totals. */
export type Written = Omit<BreakerSnapshot, 'totals'> & Partial<Pick<BreakerSnapshot, 'totals'>>;

/** Ends a call that was let through; what it returns is to be awaited. */
export type EndCall = (end: End) => void;

/** Somebody who plays a history, in one of the ways in which a breaker can be used. */
export interface Player {
  readonly clock: TestClock;
  /** Starts a call; undefined where it is rejected. */
  readonly start: (way: Way) => EndCall | undefined;
  readonly order: (order: Order) => void;
  /** Isolates, and returns what lets go. */
  readonly isolate: () => () => void;
  /** Reads the state, so that what time owes is paid; tells everything that a reader can know. */
  readonly look: () => View;
  /** Writes the breaker down, after a look. */
  readonly write: () => Written;
  /** What can be known without reading anything that may change the state; undefined where nothing can. */
  readonly peek: () => View | undefined;
  /** Reads the state of the actor, and nothing else. */
  readonly read: () => View;
  /** Reads the context at the end. */
  readonly context: () => BreakerContext;
  /** The events emitted so far. */
  readonly emitted: readonly BreakerEmitted[];
}

/** A player with the calls and the holds that it has open. */
export interface Seat {
  readonly player: Player;
  readonly calls: EndCall[];
  readonly holds: (() => void)[];
}

/** Plays one step; returns what is to be compared: whether a call was let through, or what a look has shown. */
export function playStep({ player, calls, holds }: Seat, step: Step): unknown {
  if (step.type === 'start') {
    const end = player.start(step.way);
    if (end) calls.push(end);
    return end !== undefined;
  }
  if (step.type === 'end') calls.splice(step.index % Math.max(1, calls.length), 1)[0]?.(step.end);
  else if (step.type === 'isolate') holds.push(player.isolate());
  else if (step.type === 'order') player.order(step.order);
  else if (step.type === 'letGo') holds[step.index % Math.max(1, holds.length)]?.();
  else if (step.type === 'look') return player.look();
  else player.clock[step.type](step.ms);
  return undefined;
}

/** What a context shows; a lease that has run out holds no slot, whether somebody has noticed or not. */
export function viewOf(snapshot: BreakerActorSnapshot, now: number): View {
  const { value, context } = snapshot;
  const { generation, consecutiveFailures, since, reopenings, waitMs, recoverAt, rampStartedAt, settings } = context;
  const trials = context.trials.filter(({ expiresAt }) => now < expiresAt);
  const { calls, failures, slow } = callsInWindow(context, settings, now);
  const present = { consecutiveFailures, failureRate: failures / (calls || 1), slowRate: slow / (calls || 1) };
  const counts = context.outage.counts ?? present;
  return {
    ...{ state: stateNamed(value), generation, since, reopenings, waitMs, trials: trials.length, recoverAt },
    ...{ consecutiveFailures: counts.consecutiveFailures, failureRate: counts.failureRate, slowRate: counts.slowRate },
    rampShare: settings.ramp && rampStartedAt !== null ? rampShare(settings.ramp, now - rampStartedAt) : null,
    retryAfterMs: retryAfterMs({ context: { ...context, trials }, hasTag: (tag) => snapshot.hasTag(tag) }, now),
  };
}

/** The name by which a facade tells a state of the chart; of the composite ones there is only half-open. */
export function stateNamed(value: unknown): BreakerSnapshot['state'] {
  const names = ['closed', 'open', 'isolated', 'disabled'] as const;
  return names.find((name) => name === value) ?? 'halfOpen';
}
