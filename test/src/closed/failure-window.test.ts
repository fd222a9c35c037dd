import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failWith, waysOfCalling } from '../calling/ways-of-calling.ts';

const down = new Error('down');
const failureWindow = 1000;

/**
 * Histories for a threshold of three in a second: the milliseconds from the start at which a call fails (F) or succeeds
 * (S), and whether the last of them opens the circuit. None before it does.
 */
const histories: readonly [name: string, history: string, opens: boolean][] = [
  ['three at once', '0F 0F 0F', true],
  ['the first exactly as old as the window', '0F 500F 1000F', true],
  ['the first a millisecond older than the window', '0F 500F 1001F', false],
  ['the first a fraction of a millisecond older', '0F 500F 1000.25F', false],
  ['successes between them', '0F 1S 2S 3F 4S 1000F', true],
  ['many successes around every failure', '0S 0F 0S 10S 10F 10S 20S 20F', true],
  ['a success as the last end', '0F 10F 20S', false],
  ['only later ones close enough together', '0F 900F 1800F 1900F', true],
  ['two, a gap, two', '0F 1F 5000F 5001F', false],
  ['a gap, then three', '0F 1F 5000F 5001S 5002F 6000F', true],
];

function stepsOf(history: string): readonly { readonly at: number; readonly work: () => unknown }[] {
  return history
    .split(' ')
    .map((step) => ({ at: Number.parseFloat(step), work: step.endsWith('F') ? failWith(down) : () => 'answer' }));
}

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfCalling)('$name', ({ make }) => {
    it.each(histories)('S-11 judges the failures within the window: %s', async (_name, history, opens) => {
      const clock = createTestClock();
      const start = clock.now();
      const breaker = create({ clock, failureThreshold: 3, failureWindow });
      for (const { at, work } of stepsOf(history)) {
        expect(breaker.state).toBe('closed');
        clock.advance(start + at - clock.now());
        await make(breaker, work).catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    });
  });

  it.each([
    ['stays closed', 501, 200, 'closed'],
    ['opens at the third', 500, 3, 'open'],
  ])('S-11 slides: it %s with a failure every %d ms', async (_name, interval, failures, state) => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 3, failureWindow });
    for (let count = 0; count < failures; count++) {
      expect(breaker.state).toBe('closed');
      await breaker.call(failWith(down)).catch(() => {});
      clock.advance(interval);
    }
    expect(breaker.metrics()).toMatchObject({ state, failures });
  });

  it('S-11 counts a failure from the end of its call on, however long that took', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 2, failureWindow });
    const long = createDeferred<string>();
    const call = breaker.call(() => long.promise).catch(() => {});
    clock.advance(60_000);
    long.reject(down);
    await call;
    clock.advance(failureWindow);
    await breaker.call(failWith(down)).catch(() => {});
    expect(breaker.state).toBe('open');
  });

  it('S-11 counts no end without a verdict', () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 2, failureWindow });
    breaker.acquire().fail(down);
    breaker.acquire().ignore();
    breaker.acquire().cancel();
    expect(breaker.state).toBe('closed');
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-11 opens at the first failure where the threshold is one', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 1, failureWindow });
    await breaker.call(() => 'answer');
    await breaker.call(failWith(down)).catch(() => {});
    expect(breaker.state).toBe('open');
  });
});

describe('a breaker whose actor is read in the middle of a window', () => {
  it.each(histories)('S-11 judges the failures within the window: %s', async (_name, history, opens) => {
    for (let readAt = 0; readAt < stepsOf(history).length; readAt++) {
      const clock = createTestClock();
      const start = clock.now();
      const breaker = createBreaker({ clock, failureThreshold: 3, failureWindow });
      for (const [index, { at, work }] of stepsOf(history).entries()) {
        expect(breaker.state).toBe('closed');
        clock.advance(start + at - clock.now());
        if (index === readAt) breaker.actor.getSnapshot();
        await breaker.call(work).catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    }
  });

  it.each(histories)('S-11 finds in it exactly what was counted before: %s', async (_name, history) => {
    for (let readAfter = 1; readAfter <= stepsOf(history).length; readAfter++) {
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 3, failureWindow });
      for (const { work } of stepsOf(history).slice(0, readAfter)) await breaker.call(work).catch(() => {});
      const before = breaker.metrics();
      const { context } = breaker.actor.getSnapshot();
      expect((context.outage.counts ?? context).consecutiveFailures).toBe(before.consecutiveFailures);
      expect(breaker.metrics()).toEqual(before);
    }
  });
});
