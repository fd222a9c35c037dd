import {
  type BreakerContext,
  type BreakerEmitted,
  type BreakerEvent,
  type BreakerInput,
  type BreakerStateName,
  type ChangeCause,
  circuitBreakerMachine,
  createBreakerMachine,
  type ReachedThreshold,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { emptyWindow } from '../../machines/counting/window-counts.ts';
import { type Leaf, leaves, type RunningBreaker, silentFleet, startIn } from './running-breaker.ts';
import {
  countedElsewhere,
  type Effect,
  eventTypes,
  lateOutcomes,
  NeutralError,
  neutralErrors,
  ofTheFleet,
  oneIsEnough,
  type Row,
  twoAreWanted,
} from './transition-table.ts';

const one: BreakerInput = { failureThreshold: 1, halfOpenTrials: 1, successThreshold: 1 };
const two: BreakerInput = { failureThreshold: 2, halfOpenTrials: 2, successThreshold: 2, trialFailureThreshold: 2 };
const tolerant = createBreakerMachine({ excludedErrors: [NeutralError] });

const inFleet = circuitBreakerMachine.provide(silentFleet);

describe.each(leaves)('%s', (leaf) => {
  it.each(cells(oneIsEnough, leaf))('where one is enough, answers $title with: $effect', ({ row, effect }) => {
    expectEffect(startIn(leaf, one), row, effect);
  });

  it.each(cells(twoAreWanted, leaf))('where two are wanted, answers $title with: $effect', ({ row, effect }) => {
    const breaker = startIn(leaf, two);
    if (leaf === 'isolated') breaker.send({ type: 'breaker.isolate' });
    expectEffect(breaker, row, effect);
  });

  it.each(cells(neutralErrors, leaf))('S-34 answers $title with: $effect', ({ row, effect }) => {
    expectEffect(startIn(leaf, one, { machine: tolerant }), row, effect);
  });

  it.each(cells(lateOutcomes, leaf))('S-35 answers $title with: $effect', ({ row, effect }) => {
    expectEffect(startIn(leaf, one), row, effect);
    expectEffect(startIn(leaf, { ...one, halfOpenTrials: 2 }), row, effect);
  });

  it.each(cells(countedElsewhere, leaf))('answers $title with: $effect', ({ row, effect }) => {
    expectEffect(startIn(leaf, one), row, effect);
  });

  it.each(cells(ofTheFleet, leaf))('in a fleet, answers $title with: $effect', ({ row, effect }) => {
    expectEffect(startIn(leaf, one, { machine: inFleet }), row, effect);
  });

  if (leaf !== 'halfOpen.waiting')
    it.each(cells(ofTheFleet, leaf))('without a fleet, ignores $title', ({ row }) => {
      const breaker = startIn(leaf, one);
      const before = breaker.context;
      breaker.send(row.event(before));
      expect(breaker.leaf).toBe(leaf);
      expect(breaker.context).toEqual(before);
      expect(breaker.emitted).toEqual([]);
    });

  it('ignores an event that the chart does not know', () => {
    const breaker = startIn(leaf, one);
    const before = breaker.context;
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'breaker.unheardOf' }]);
    expect(breaker.leaf).toBe(leaf);
    expect(breaker.context).toEqual(before);
    expect(breaker.emitted).toEqual([]);
  });
});

describe('the table', () => {
  it('has a row for every event of the chart', () => {
    const known = circuitBreakerMachine.events.filter((type) => !type.startsWith('xstate.'));
    expect([...eventTypes].sort()).toEqual([...known].sort());
  });
});

function cells(rows: readonly Row[], leaf: Leaf) {
  return rows.map((row) => ({ row, title: row.title, effect: row.effects[leaf] }));
}

/** Sends the event of a row and checks everything that may, and that must not, have changed. */
function expectEffect(breaker: RunningBreaker, row: Row, effect: Effect): void {
  const before = breaker.context;
  const from = breaker.leaf;
  breaker.clock.jump(3);
  breaker.emitted.length = 0;
  const event = row.event(before);
  breaker.send(event);

  const stays = effect === 'same' || effect === 'noted' || effect === 'fresh';
  const target = stays ? from : effect;
  expect(breaker.leaf).toBe(target);
  const isChange = stateOf(target) !== stateOf(from);
  expect(breaker.context.generation - before.generation).toBe(isChange || effect === 'fresh' ? 1 : 0);
  if (effect === 'same') expect(breaker.context).toEqual(before);
  else expect(breaker.context).not.toEqual(before);
  const at = event.at ?? breaker.clock.now();
  expect(breaker.emitted).toEqual([
    ...connections(before, row, at),
    ...(isChange ? announcements(breaker.context, from, target, event, at) : []),
  ]);
}

function stateOf(leaf: Leaf): BreakerStateName {
  const names: readonly BreakerStateName[] = ['closed', 'open', 'isolated', 'disabled'];
  return names.find((name) => name === leaf) ?? 'halfOpen';
}

/** That the fleet is reached, or no more, is told once. */
function connections({ name, generation, fleet }: BreakerContext, { type }: Row, at: number): BreakerEmitted[] {
  if (type !== 'fleet.connected' && type !== 'fleet.disconnected') return [];
  return fleet?.isConnected === (type === 'fleet.connected') ? [] : [{ type, name, generation, at }];
}

const announced = {
  closed: 'breaker.closed',
  halfOpen: 'breaker.halfOpened',
  isolated: 'breaker.isolated',
  disabled: 'breaker.disabled',
} as const;

function announcements(
  { name, generation, settings, outage }: BreakerContext,
  from: Leaf,
  to: Leaf,
  { type }: BreakerEvent,
  at: number,
) {
  const by = causeBetween(type, stateOf(from), stateOf(to));
  const stamp = { name, at, generation, by };
  const target = stateOf(to);
  const threshold = thresholds[by] ?? null;
  const recoverAt = at + settings.recoveryTimeoutMs;
  const entered: BreakerEmitted =
    target === 'open'
      ? { type: 'breaker.opened', ...stamp, recoverAt, counts: outage.counts ?? emptyWindow, threshold }
      : { type: announced[target], ...stamp };
  return [{ type: 'breaker.stateChanged', ...stamp, from: stateOf(from), to: target }, entered];
}

/** In the rows of the table every failure is an ordinary one. */
function causeBetween(type: BreakerEvent['type'], from: BreakerStateName, to: BreakerStateName): ChangeCause {
  const commands = ['trip', 'reset', 'isolate', 'release', 'disable', 'enable'] as const;
  const command = commands.find((order) => type === `breaker.${order}`);
  if (command) return command;
  if (type.startsWith('fleet.')) return 'fleet';
  if (from === 'open') return 'time';
  if (from === 'closed') return 'failures';
  return to === 'closed' && type === 'recovery.elapsed' ? 'ramp' : 'trial';
}

const thresholds: Partial<Record<ChangeCause, ReachedThreshold>> = {
  failures: { option: 'failureThreshold', value: 1 },
  trial: { option: 'trialFailureThreshold', value: 1 },
};
