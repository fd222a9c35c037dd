import { type BreakerEvent, type BreakerInput, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, SnapshotFrom } from 'xstate';
import { adjacencyMapToArray, getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph';
import { unknownFleet } from '../../machines/fleet-view.ts';
import { leaves as allLeaves, type Leaf, leafOf, ramp, silentFleet, startBreaker } from './running-breaker.ts';
import { lateOutcomes, ofTheFleet, oneIsEnough, type Row, twoAreWanted } from './transition-table.ts';

type BreakerSnapshot = SnapshotFrom<typeof circuitBreakerMachine>;

/** `getAdjacencyMap` is typed for logic that emits events of every kind; this machine emits its own. */
const anyMachine: AnyStateMachine = circuitBreakerMachine;
const machineInFleet: AnyStateMachine = circuitBreakerMachine.provide(silentFleet);

/** Without a fleet there is one leaf less. */
const ownLeaves = allLeaves.filter((leaf) => leaf !== 'halfOpen.waiting');
/** And without a ramp, another one. */
const leaves = ownLeaves.filter((leaf) => leaf !== 'halfOpen.ramping');
const one: BreakerInput = { failureThreshold: 1, halfOpenTrials: 1, successThreshold: 1 };
const two: BreakerInput = { failureThreshold: 2, halfOpenTrials: 2, successThreshold: 2, trialFailureThreshold: 2 };

const byLeaf = (snapshot: BreakerSnapshot): string => leafOf(snapshot);
const byLeafAndCounts = (snapshot: BreakerSnapshot): string => {
  const { consecutiveFailures, trials, trialSuccesses, outage, holds } = snapshot.context;
  const counts = [consecutiveFailures, trials.length, trialSuccesses, outage.trialFailures, Math.min(holds, 2)];
  return [leafOf(snapshot), ...counts].join(' ');
};

/** Options to walk the chart with the events of some rows; remembers which row an event is of. */
function walk(
  rows: readonly Row[],
  input: BreakerInput,
  serializeState: (snapshot: BreakerSnapshot) => string,
  machine = circuitBreakerMachine,
) {
  const rowOf = new Map<BreakerEvent, Row>();
  const events = ({ context }: BreakerSnapshot): BreakerEvent[] =>
    rows.map((row) => {
      const event = row.event(context);
      rowOf.set(event, row);
      return event;
    });
  return {
    rowOf,
    input,
    serializeState,
    events,
    limit: 5_000,
    fromState: startBreaker(input, { machine }).actor.getSnapshot(),
  };
}

function targetOf(row: Row | undefined, from: Leaf): Leaf | undefined {
  const effect = row?.effects[from];
  return effect === 'same' || effect === 'noted' || effect === 'fresh' ? from : effect;
}

describe('the adjacency map', () => {
  const { rowOf, ...options } = walk([...oneIsEnough, ...lateOutcomes], one, byLeaf);
  const map = getAdjacencyMap(anyMachine, options);
  const transitions = adjacencyMapToArray(map);

  it('reaches every leaf, and asks each of them every event of the table', () => {
    expect(Object.keys(map).sort()).toEqual([...leaves].sort());
    for (const leaf of leaves)
      expect(new Set(transitions.filter(({ state }) => leafOf(state) === leaf).map(({ event }) => event.type))).toEqual(
        new Set(oneIsEnough.map(({ type }) => type)),
      );
  });

  it.each(leaves)('agrees with the table in %s', (leaf) => {
    for (const { state, event, nextState } of transitions) {
      if (leafOf(state) !== leaf) continue;
      const row = rowOf.get(event);
      expect(`${row?.title} -> ${leafOf(nextState)}`).toBe(`${row?.title} -> ${targetOf(row, leaf)}`);
    }
  });

  it('shows exactly the transitions of the two tables where counts are told apart', () => {
    const rows = [...oneIsEnough, ...twoAreWanted];
    const shown = [one, two].flatMap((input) =>
      adjacencyMapToArray(getAdjacencyMap(anyMachine, walk(rows, input, byLeafAndCounts))),
    );
    const found = shown.map(({ state, event, nextState }) => `${leafOf(state)} ${event.type} ${leafOf(nextState)}`);
    const allowed = rows.flatMap((row) => leaves.map((leaf) => `${leaf} ${row.type} ${targetOf(row, leaf)}`));
    expect(new Set(found)).toEqual(new Set(allowed));
  });
});

describe('the adjacency map with a ramp', () => {
  const { rowOf, ...options } = walk([...oneIsEnough, ...lateOutcomes], { ...one, ...ramp }, byLeaf);
  const map = getAdjacencyMap(anyMachine, options);

  it('reaches every leaf there is', () => {
    expect(Object.keys(map).sort()).toEqual([...ownLeaves].sort());
  });

  it('agrees with the table, but that a trial which goes well starts the ramp', () => {
    for (const { state, event, nextState } of adjacencyMapToArray(map)) {
      const row = rowOf.get(event);
      const target = targetOf(row, leafOf(state));
      const isTrialsEnd = row?.type === 'call.succeeded' && leafOf(state) !== 'closed' && target === 'closed';
      const expected = isTrialsEnd ? 'halfOpen.ramping' : target;
      expect(`${leafOf(state)} ${row?.title} -> ${leafOf(nextState)}`).toBe(
        `${leafOf(state)} ${row?.title} -> ${expected}`,
      );
    }
  });
});

describe('the adjacency map with a fleet', () => {
  const rows = [...oneIsEnough, ...ofTheFleet];
  const byLeafAndFleet = (snapshot: BreakerSnapshot): string => {
    const { isConnected, state, leases } = snapshot.context.fleet ?? unknownFleet;
    return [leafOf(snapshot), isConnected, state, Math.min(leases.length, 2)].join(' ');
  };
  const maps = [one, { ...one, ...ramp }].map((input) =>
    getAdjacencyMap(machineInFleet, walk(rows, input, byLeafAndFleet, circuitBreakerMachine.provide(silentFleet))),
  );
  const transitions = maps.flatMap((map) => adjacencyMapToArray(map));

  it('reaches every leaf there is', () => {
    const reached = transitions.map(({ nextState }) => leafOf(nextState));
    expect([...new Set(reached)].sort()).toEqual([...allLeaves].sort());
  });

  it('waits for a slot exactly where trials may begin, the fleet is reached and open, and none is lent', () => {
    for (const { nextState } of transitions) {
      const { isConnected, state, leases } = nextState.context.fleet ?? unknownFleet;
      const isTrying = ['halfOpen.free', 'halfOpen.waiting', 'halfOpen.full'].includes(leafOf(nextState));
      const lacksSlot = isConnected && state === 'open' && leases.length === 0;
      expect(leafOf(nextState) === 'halfOpen.waiting').toBe(isTrying && lacksSlot);
    }
  });
});

describe('a simple path', () => {
  const paths = [
    ...getSimplePaths(circuitBreakerMachine, walk(oneIsEnough, one, byLeaf)),
    ...getSimplePaths(circuitBreakerMachine, walk(oneIsEnough, two, byLeafAndCounts)),
  ];

  it('is one of many, and every leaf is at the end of some', () => {
    expect(paths.length).toBeGreaterThan(300);
    expect(new Set(paths.map(({ state }) => leafOf(state)))).toEqual(new Set(leaves));
  });

  it('leads a real actor where it says, step by step, no timer firing', () => {
    for (const { steps, state } of paths) {
      const breaker = startBreaker(state.context.settings.failureThreshold === 1 ? one : two);
      for (const step of steps.slice(1)) {
        breaker.clock.jump(Math.max(0, (step.event.at ?? 0) - breaker.clock.now()));
        breaker.send(step.event);
        expect(breaker.leaf).toBe(leafOf(step.state));
      }
    }
  });

  it('leads a real actor there undated too, by its own clock and its own timers', () => {
    for (const { steps, state } of paths) {
      const breaker = startBreaker(state.context.settings.failureThreshold === 1 ? one : two);
      for (const { event, state: predicted } of steps.slice(1)) {
        const { type, at = 0 } = event;
        if (at > breaker.clock.now()) breaker.clock.advance(at - breaker.clock.now());
        if (type !== 'recovery.elapsed' && type !== 'trial.expired') breaker.send({ type });
        expect(breaker.leaf).toBe(leafOf(predicted));
      }
    }
  });

  it('is at most three events long where it is the shortest', () => {
    const shortest = getShortestPaths(circuitBreakerMachine, walk(oneIsEnough, one, byLeaf));
    expect(Object.fromEntries(shortest.map(({ state, weight }) => [leafOf(state), weight]))).toEqual({
      closed: 0,
      open: 1,
      isolated: 1,
      disabled: 1,
      'halfOpen.free': 2,
      'halfOpen.full': 3,
    });
  });
});
