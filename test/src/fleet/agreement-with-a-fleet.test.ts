import type { BreakerEmitted, BreakerMachineOptions, FleetEvent, NodeEvent } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeFleet, type FakeFleet } from '../../machines/fleet/fake-fleet.ts';
import { runs } from '../../support/runs.ts';
import { unseenIn } from '../../support/sightings.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { countingModes } from '../lifecycle/agreement-settings.ts';
import { createBarePlayer } from '../lifecycle/bare-player.ts';
import { createAttachedPlayer, createEagerPlayer, createHoldingPlayer } from '../lifecycle/facade-player.ts';
import { history, type Step } from '../lifecycle/history.ts';
import { type Player, playStep, type Seat } from '../lifecycle/player.ts';

/** What a fleet tells in a history; `lag` is how long ago it happened, undefined leaves the date out. */
interface FleetStep {
  readonly type: 'fleet';
  readonly event: FleetEvent;
  readonly lag: number | undefined;
}

const optional = <T>(...values: T[]) => fc.option(fc.constantFrom<T[]>(...values), { nil: undefined, freq: 2 });
const tokens = optional(1, 2, 3);

const event: fc.Arbitrary<FleetEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<FleetEvent>({ type: 'fleet.connected' }) },
  { weight: 1, arbitrary: fc.constant<FleetEvent>({ type: 'fleet.disconnected' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('fleet.opened' as const),
      openFor: optional(0, 30, 100, 300),
      reopenings: optional(0, 1, 3),
    }),
  },
  { weight: 2, arbitrary: fc.constant<FleetEvent>({ type: 'fleet.closed' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fleet.isolated' as const), others: optional(1, 2) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('fleet.leaseGranted' as const),
      token: tokens,
      leaseFor: optional(20, 50, 100),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fleet.leaseLost' as const), token: tokens }) },
);

const fleetStep: fc.Arbitrary<FleetStep> = fc.record({
  ...{ type: fc.constant('fleet' as const), event },
  lag: fc.option(fc.constantFrom(0, 5, 30), { nil: undefined }),
});

/** A life, with what a fleet tells among its steps, beginning with its being reached more often than not. */
const fleetHistory: fc.Arbitrary<readonly (Step | FleetStep)[]> = fc
  .tuple(history, fc.array(fc.tuple(fc.nat(60), fleetStep), { minLength: 3, maxLength: 25, size: 'max' }), fc.boolean())
  .map(([steps, told, isReached]) => {
    const mixed: (Step | FleetStep)[] = [...steps];
    for (const [index, step] of told) mixed.splice(index % (mixed.length + 1), 0, step);
    return isReached ? [{ type: 'fleet', event: { type: 'fleet.connected' }, lag: undefined }, ...mixed] : mixed;
  });

/** A player in a fleet of its own; every one of them is told the same. */
interface FleetSeat extends Seat {
  readonly fleet: FakeFleet;
}

type CreatePlayer = (options: BreakerMachineOptions, clock: TestClock) => Player;

function sit(create: CreatePlayer, options: BreakerMachineOptions): FleetSeat {
  const fleet = createFakeFleet();
  const player = create({ name: 'breaker', ...options, fleet: fleet.fleet }, createTestClock());
  return { fleet, player, calls: [], holds: [] };
}

function createSeats(options: BreakerMachineOptions): readonly [FleetSeat, ...FleetSeat[]] {
  const facades = [createEagerPlayer, createAttachedPlayer, createHoldingPlayer];
  return [sit(createBarePlayer, options), ...facades.map((create) => sit(create, options))];
}

function play(seat: FleetSeat, step: Step | FleetStep): unknown {
  if (step.type !== 'fleet') return playStep(seat, step);
  const at = step.lag === undefined ? undefined : seat.player.clock.now() - step.lag;
  seat.fleet.member.send({ ...step.event, at });
  return undefined;
}

async function playTogether(options: BreakerMachineOptions, steps: readonly (Step | FleetStep)[]): Promise<void> {
  const [bare, ...facades] = createSeats(options);
  for (const step of [...steps, { type: 'look' } as const]) {
    const expected = play(bare, step);
    const results = facades.map((facade) => play(facade, step));
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    for (const result of results) expectSame(result, expected);
    const view = bare.player.peek();
    for (const { player } of facades) expectSame(player.peek() ?? view, view);
  }
  for (const { player, fleet } of facades) {
    expect(toComparable(player)).toEqual(toComparable(bare.player));
    expect(heard(player)).toEqual(heard(bare.player));
    expect(fleet.member.told.flatMap(toTold)).toEqual(bare.fleet.member.told.flatMap(toTold));
  }
}

/** The comparison of the test runner is thorough but slow; it is only asked where there is something to show. */
function expectSame(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

function toComparable({ context }: Player) {
  // Each player names its trials in its own way.
  const { trials, outage, ...others } = context();
  return {
    ...others,
    outage: { ...outage, lapsedTrials: outage.lapsedTrials.length },
    expiries: trials.map(({ expiresAt }) => expiresAt),
  };
}

/** Emitted as well, but no callback hears of them. */
const unheard: readonly string[] = ['breaker.isolated', 'breaker.disabled', 'fleet.connected', 'fleet.disconnected'];

function heard({ emitted }: Player): readonly BreakerEmitted[] {
  return emitted.filter(({ type }) => !unheard.includes(type));
}

/** Failures that leave the circuit closed may be held back, and each way of failing has an error of its own. */
function toTold(event: NodeEvent): readonly object[] {
  if (event.type === 'node.failed') return [];
  return event.type === 'node.changed' ? [{ ...event, by: undefined, reason: event.reason !== null }] : [event];
}

/** What happens in a history, in words; so that agreement about it means something. */
function sightingsIn(options: BreakerMachineOptions, steps: readonly (Step | FleetStep)[]): readonly string[] {
  const seat = sit(createBarePlayer, options);
  return [...steps, { type: 'look' } as const].flatMap((step) => sightingsOf(seat, step, play(seat, step)));
}

function sightingsOf({ player }: Seat, { type }: Step | FleetStep, result: unknown): readonly string[] {
  const { fleet, trials } = player.context();
  const state = player.peek()?.state;
  if (fleet === null) return [];
  const { isConnected, leases, isImposed, holdsOfOthers, hasAsked } = fleet;
  const isShared = isConnected && fleet.state === 'open' && state === 'halfOpen';
  return [
    isShared && leases.length === 0 && 'waits for a slot',
    isShared && leases.length > 0 && 'was lent a slot',
    isShared && leases.length > 0 && trials.length > 0 && 'tries on a lease',
    isShared && type === 'start' && result === false && hasAsked && 'asks for a slot',
    isImposed && state === 'open' && 'open because the fleet is',
    !isImposed && state === 'open' && fleet.state === 'open' && 'open by itself, and so is the fleet',
    state === 'isolated' && holdsOfOthers > 0 && 'held by others',
    type === 'fleet' && state === 'closed' && 'closed, in whatever way',
  ].filter((sighting) => sighting !== false);
}

describe.each(Object.entries(countingModes))('one history in a fleet, with %s', (_title, settings) => {
  it('S-73 is the same through every facade and a bare actor, and so is what they emit and tell', async () => {
    await fc.assert(fc.asyncProperty(settings, fleetHistory, playTogether), { numRuns: runs(400) });
  }, 120_000);
});

const sightings = [
  ...['asks for a slot', 'closed, in whatever way', 'held by others', 'open because the fleet is'],
  ...['open by itself, and so is the fleet', 'tries on a lease', 'waits for a slot', 'was lent a slot'],
];

describe.each(Object.entries(countingModes))('random histories in a fleet, with %s', (_title, settings) => {
  it('S-73 wait for slots, are lent them, try, and are opened and held by others', () => {
    const histories = fc.tuple(settings, fleetHistory);
    expect(unseenIn(histories, { sightings }, ([options, steps]) => sightingsIn(options, steps))).toEqual([]);
  });
});
