import type { BreakerEmitted, BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { unseenIn } from '../../support/sightings.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { knownHistories } from './agreement-known-histories.ts';
import { countingModes } from './agreement-settings.ts';
import { sightingsIn } from './agreement-sightings.ts';
import { createBarePlayer } from './bare-player.ts';
import { createAttachedPlayer, createEagerPlayer, createHoldingPlayer } from './facade-player.ts';
import { history, type Step } from './history.ts';
import { type Player, playStep, type Seat } from './player.ts';

/** Emitted as well, but no callback hears of them. */
const unheard: readonly string[] = ['breaker.isolated', 'breaker.disabled'];

/** When a history is looked into, and what chance is in it. */
interface Circumstances {
  /** Whether the state is read, and with it the clock, after every step. */
  readonly looksOften: boolean;
  /** The step after which every actor is read, also that of the breaker which holds outcomes back until then. */
  readonly readsActorAt: number | undefined;
  /** The step after which every breaker is written down. */
  readonly writesAt: number | undefined;
  /** How many numbers have been drawn before the breaker draws its first. */
  readonly drawsBefore: number;
}

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  looksOften: fc.boolean(),
  readsActorAt: fc.option(fc.nat(40), { nil: undefined }),
  writesAt: fc.option(fc.nat(40), { nil: undefined }),
  drawsBefore: fc.nat(99),
});

/** Every player has a clock of its own, which draws the same numbers as the others. */
function createSeats(options: BreakerMachineOptions, drawsBefore: number): readonly [Seat, ...Seat[]] {
  const sit = (create: (options: BreakerMachineOptions, clock: TestClock) => Player): Seat => {
    const clock = createTestClock();
    for (let draws = 0; draws < drawsBefore; draws++) clock.random();
    return { player: create(options, clock), calls: [], holds: [] };
  };
  return [sit(createBarePlayer), sit(createEagerPlayer), sit(createAttachedPlayer), sit(createHoldingPlayer)];
}

async function playTogether(
  options: BreakerMachineOptions,
  steps: readonly Step[],
  { looksOften, readsActorAt, writesAt, drawsBefore }: Circumstances,
): Promise<void> {
  const [bare, ...facades] = createSeats(options, drawsBefore);
  const players = facades.map(({ player }) => player);
  const playAll = async (step: Step) => {
    const expected = playStep(bare, step);
    const results = facades.map((facade) => playStep(facade, step));
    await settle();
    for (const result of results) expectSame(result, expected);
    const view = bare.player.peek();
    for (const player of players) expectSame(player.peek() ?? view, view);
  };

  for (const [index, step] of steps.entries()) {
    await playAll(step);
    if (index === readsActorAt) for (const player of players) expectSame(player.read(), bare.player.read());
    if (index === writesAt) expectSameWritten(bare.player, players);
    if (looksOften) await playAll({ type: 'look' });
  }
  await playAll({ type: 'look' });
  for (const player of players) {
    expect(toComparable(player.context())).toEqual(toComparable(bare.player.context()));
    expect(heard(player)).toEqual(heard(bare.player));
  }
}

/** A facade writes down what the chart knows, and the same totals as every other facade. */
function expectSameWritten(bare: Player, players: readonly Player[]): void {
  const chart = bare.write();
  const [first, ...others] = players.map((player) => player.write());
  expect(first).toEqual({ ...chart, totals: expect.anything() });
  for (const written of others) expectSame(written, first);
}

/** The comparison of the test runner is thorough but slow; it is only asked where there is something to show. */
function expectSame(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

/** Lets the ends of calls arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
}

/** Each player names its trials in its own way. */
function toComparable({ trials, outage, ...context }: ReturnType<Player['context']>) {
  return {
    ...context,
    outage: { ...outage, lapsedTrials: outage.lapsedTrials.length },
    expiries: trials.map(({ expiresAt }) => expiresAt),
  };
}

function heard({ emitted }: Player): readonly BreakerEmitted[] {
  return emitted.filter(({ type }) => !unheard.includes(type));
}

describe.each(Object.entries(countingModes))('one history with %s', (_title, settings) => {
  it('S-73 is the same through every facade and a bare actor, after every step, and so is what they emit', async () => {
    await fc.assert(fc.asyncProperty(settings, history, circumstances, playTogether), { numRuns: runs(1000) });
  }, 120_000);
});

describe('one history that was told apart once', () => {
  it.each(Object.entries(knownHistories))('S-73 is the same again: %s', async (_title, { options, steps }) => {
    await playTogether(options, steps, { looksOften: true, readsActorAt: undefined, writesAt: 0, drawsBefore: 0 });
    await playTogether(options, steps, { looksOften: false, readsActorAt: 0, writesAt: undefined, drawsBefore: 0 });
  });
});

const sightings = [
  ...['closed', 'open', 'halfOpen', 'isolated', 'disabled', 'halfOpen -> closed', 'halfOpen -> open'],
  ...['opened by a failure', 'opened by a slow success', 'a failed trial'],
  ...[
    'closed by a trial whose lease was over',
    're-opened by a trial whose lease was over',
    'one of several failed trials',
  ],
  ...['a plain wait', 'a shorter wait', 'a longer wait'],
  ...['early in a ramp', 'late in a ramp', 'let through in a ramp', 'refused in a ramp'],
  ...['a ramp ended by a failure', 'a ramp ended by a success', 'a ramp ended by its timer'],
  'a ramp ended without a timer',
];

describe.each(Object.entries(countingModes))('random histories with %s', (_title, settings) => {
  it('S-73 reach every state, every way to open, waits of every length and every end of a ramp', () => {
    const histories = fc.tuple(settings, history);
    expect(unseenIn(histories, { sightings }, ([options, steps]) => sightingsIn(options, steps))).toEqual([]);
  }, 120_000);
});
