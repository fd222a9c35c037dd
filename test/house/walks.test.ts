import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createInFleet } from '../src/fleet/fleet-facade.ts';
import { reasonOf } from '../support/calls.ts';
import { createTestClock } from '../support/test-clock.ts';
import { walk } from './walk.ts';

const succeed = async () => 'answer';
const fail = async () => {
  throw new Error('down');
};

/** A breaker that has made a call: what is done once in its life is not of a call's walk. */
async function createUsed() {
  const clock = createTestClock();
  const breaker = createBreaker({ clock, failureThreshold: 2 });
  await breaker.call(succeed);
  return { clock, breaker };
}

interface LimitedWalk {
  readonly name: string;
  /** As many files as it may lead through, and functions that may run. Shorter is better: then write that here. */
  readonly files: number;
  readonly moves: number;
  /** Comes to where the walk begins. @returns What is walked. */
  readonly prepare: () => Promise<() => unknown>;
}

const walks: readonly LimitedWalk[] = [
  {
    name: 'a success',
    files: 9,
    moves: 18,
    async prepare() {
      const { breaker } = await createUsed();
      return () => breaker.call(succeed);
    },
  },
  {
    name: 'a failure that does not open the circuit, held',
    files: 16,
    moves: 39,
    async prepare() {
      const { breaker } = await createUsed();
      return () => reasonOf(breaker.call(fail));
    },
  },
  {
    name: 'a rejection',
    files: 11,
    moves: 52,
    async prepare() {
      const { breaker } = await createUsed();
      breaker.trip();
      await reasonOf(breaker.call(succeed));
      return () => reasonOf(breaker.call(succeed));
    },
  },
  {
    // What had been counted is frozen, and told with what has opened the circuit.
    name: 'a failure that opens the circuit',
    files: 37,
    moves: 226,
    async prepare() {
      const { breaker } = await createUsed();
      await reasonOf(breaker.call(fail));
      return () => reasonOf(breaker.call(fail));
    },
  },
  {
    name: 'a trial that closes the circuit',
    files: 27,
    moves: 272,
    async prepare() {
      const { breaker, clock } = await createUsed();
      breaker.trip();
      clock.jump(60_000);
      return () => breaker.call(succeed);
    },
  },
  {
    name: 'a stream of one item',
    files: 15,
    moves: 66,
    async prepare() {
      const { breaker } = await createUsed();
      const source = async function* () {
        yield 'item';
      };
      return async () => {
        for await (const item of breaker.stream(source)) expect(item).toBe('item');
      };
    },
  },
  {
    name: 'a restored breaker',
    // Durations are looked at, whether they are seconds.
    files: 41,
    moves: 298,
    async prepare() {
      const { breaker, clock } = await createUsed();
      breaker.trip();
      const snapshot = breaker.toJSON();
      return () => createBreaker({ clock, snapshot, failureThreshold: 2 });
    },
  },
  {
    // What is held back is handed over, so that it is known what had been counted here.
    name: 'an opening of the fleet, until it is told',
    files: 35,
    moves: 221,
    async prepare() {
      const { breaker, member } = createInFleet({ onOpen: () => {} });
      await breaker.call(succeed);
      return () => member.send({ type: 'fleet.opened', openFor: 500 });
    },
  },
];

describe('a walk through the package', () => {
  it.each(walks)('is as long as it was: $name', async ({ files, moves, prepare }) => {
    const walked = await walk(await prepare());
    // The files are in the message when there is one more.
    expect({ files: walked.files.length, moves: walked.moves }, walked.files.join('\n')).toEqual({ files, moves });
  });
});
