import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failWith, waysOfCalling, waysOfWaiting } from '../calling/ways-of-calling.ts';

const down = new Error('down');

/** Histories of failures and successes, with the failure (counted from 1 among all calls) that opens the circuit. */
const histories: readonly [failureThreshold: number, history: string, opensAt: number | undefined][] = [
  [3, 'FFSFF', undefined],
  [3, 'FFSFFF', 6],
  [3, 'FFF', 3],
  [3, 'FF', undefined],
  [3, 'SSSSSFFF', 8],
  [3, 'FSFSFSFSFSFS', undefined],
  [3, 'FFSSFFSSFFSS', undefined],
  [1, 'F', 1],
  [1, 'SSSF', 4],
  [2, 'FSFF', 4],
  [7, 'FFFFFFSFFFFFFF', 14],
];

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfCalling)('$name', ({ make }) => {
    it.each(histories)(
      'S-10 opens after %d failures in a row: %s at %s',
      async (failureThreshold, history, opensAt) => {
        const breaker = create({ clock: createTestClock(), failureThreshold });
        for (const [index, end] of [...history].entries()) {
          await make(breaker, end === 'F' ? failWith(down) : () => 'answer').catch(() => {});
          expect(breaker.state).toBe(index + 1 === opensAt ? 'open' : 'closed');
        }
      },
    );
  });

  it.each(waysOfWaiting)(
    'S-10 takes the order in which calls by $name end, not the one in which they began',
    async (way) => {
      const breaker = create({ clock: createTestClock(), failureThreshold: 3 });
      const begin = () => {
        const { promise, resolve, reject } = createDeferred<string>();
        const call = way.start(breaker, () => promise).catch(() => {});
        const end = (settle: () => void) => {
          settle();
          return call;
        };
        return { fail: () => end(() => reject(down)), succeed: () => end(() => resolve('answer')) };
      };
      const [first, second, third, fourth] = [begin(), begin(), begin(), begin()];
      await third.fail();
      await second.fail();
      await fourth.succeed();
      await first.fail();
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 3, consecutiveFailures: 1 });
    },
  );

  it('S-10 opens by default after five failures', async () => {
    const breaker = create({ clock: createTestClock() });
    for (let count = 1; count <= 5; count++) {
      expect(breaker.state).toBe('closed');
      await breaker.call(failWith(down)).catch(() => {});
    }
    expect(breaker.state).toBe('open');
  });

  it('S-10 takes no time into account: failures in a row may be days apart', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 3 });
    for (let count = 1; count <= 3; count++) {
      expect(breaker.state).toBe('closed');
      clock.advance(86_400_000);
      await breaker.call(failWith(down)).catch(() => {});
    }
    expect(breaker.state).toBe('open');
  });

  it('S-10 lets an end without a verdict neither lengthen nor break a run of failures', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 3 });
    breaker.acquire().fail(down);
    breaker.acquire().ignore();
    breaker.acquire().fail(down);
    breaker.acquire().cancel();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-10 tells the length of the run', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 10 });
    const lengths: number[] = [];
    for (const end of 'FFSFFFSSF') {
      await breaker.call(end === 'F' ? failWith(down) : () => 'answer').catch(() => {});
      lengths.push(breaker.metrics().consecutiveFailures);
    }
    expect(lengths).toEqual([1, 2, 0, 1, 2, 3, 0, 0, 1]);
  });
});

describe('a breaker whose actor is read in the middle of a run', () => {
  it.each(histories)('S-10 opens after %d failures in a row: %s at %s', async (failureThreshold, history, opensAt) => {
    for (let readAt = 0; readAt < history.length; readAt++) {
      const breaker = createBreaker({ clock: createTestClock(), failureThreshold });
      for (const [index, end] of [...history].entries()) {
        if (index === readAt) breaker.actor.getSnapshot();
        await breaker.call(end === 'F' ? failWith(down) : () => 'answer').catch(() => {});
        expect(breaker.state).toBe(index + 1 === opensAt ? 'open' : 'closed');
      }
    }
  });
});
