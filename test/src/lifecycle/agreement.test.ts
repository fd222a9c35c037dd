import type { BreakerEmitted, BreakerInput } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBarePlayer } from './bare-player.ts';
import { createAttachedPlayer, createEagerPlayer, createHoldingPlayer } from './facade-player.ts';
import { history, type Step, settings } from './history.ts';
import { type Player, playStep, type Seat } from './player.ts';

const windows = { 'failures in a row': undefined, 'failures within a window': 100 };
/** Emitted as well, but no callback hears of them. */
const unheard: readonly string[] = ['breaker.isolated', 'breaker.disabled'];

function createSeats(input: BreakerInput): readonly [Seat, ...Seat[]] {
  const sit = (player: Player): Seat => ({ player, calls: [], holds: [] });
  const players = [createEagerPlayer, createAttachedPlayer, createHoldingPlayer];
  return [sit(createBarePlayer(input)), ...players.map((create) => sit(create(input)))];
}

interface Reading {
  /** Whether the state is read, and with it the clock, after every step. */
  readonly looksOften: boolean;
  /** The step after which every actor is read, also that of the breaker which holds outcomes back until then. */
  readonly readsActorAt: number | undefined;
}

async function playTogether(
  input: BreakerInput,
  steps: readonly Step[],
  { looksOften, readsActorAt }: Reading,
): Promise<void> {
  const [bare, ...facades] = createSeats(input);
  const playAll = async (step: Step) => {
    const expected = playStep(bare, step);
    const results = facades.map((facade) => playStep(facade, step));
    await settle();
    for (const result of results) expectSame(result, expected);
    for (const { player } of facades) expectSame(player.peek() ?? bare.player.peek(), bare.player.peek());
  };

  for (const [index, step] of steps.entries()) {
    await playAll(step);
    if (index === readsActorAt) for (const { player } of facades) expectSame(player.read(), bare.player.read());
    if (looksOften) await playAll({ type: 'look' });
  }
  await playAll({ type: 'look' });
  for (const { player } of facades) {
    expect(toComparable(player.context())).toEqual(toComparable(bare.player.context()));
    expect(heard(player)).toEqual(heard(bare.player));
  }
}

/** The comparison of the test runner is thorough but slow; it is only asked where there is something to show. */
function expectSame(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
}

/** Lets the ends of calls arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
}

function toComparable({ trials, ...context }: ReturnType<Player['context']>) {
  return { ...context, expiries: trials.map(({ expiresAt }) => expiresAt) };
}

function heard({ emitted }: Player): readonly BreakerEmitted[] {
  return emitted.filter(({ type }) => !unheard.includes(type));
}

const reading = fc.record({ looksOften: fc.boolean(), readsActorAt: fc.option(fc.nat(40), { nil: undefined }) });

describe.each(Object.entries(windows))('one history with %s', (_title, failureWindow) => {
  it('S-73 is the same through every facade and a bare actor, after every step, and so is what they emit', async () => {
    await fc.assert(
      fc.asyncProperty(settings, history, reading, (input, steps, when) =>
        playTogether({ ...input, failureWindow }, steps, when),
      ),
      { numRuns: 1000 },
    );
  }, 120_000);
});

describe('random histories', () => {
  it('S-73 reach every state, failed trials and a closing by a trial, so that the agreement means something', () => {
    const seen = new Set<string>();
    for (const [input, steps] of fc.sample(fc.tuple(settings, history), { numRuns: 300, seed: 1 })) {
      const seat: Seat = { player: createBarePlayer(input), calls: [], holds: [] };
      for (const step of steps) {
        playStep(seat, step);
        const { state, reopenings } = seat.player.read();
        seen.add(reopenings > 0 ? 'a failed trial' : state);
      }
      for (const event of seat.player.emitted)
        if (event.type === 'breaker.stateChanged') seen.add(`${event.from} -> ${event.to}`);
    }
    const states = ['closed', 'open', 'halfOpen', 'isolated', 'disabled', 'a failed trial'];
    expect([...seen]).toEqual(expect.arrayContaining([...states, 'halfOpen -> closed', 'halfOpen -> open']));
  });
});
