import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { type Facade, facades } from '../calling/facades.ts';
import { failWith, waysOfCalling } from '../calling/ways-of-calling.ts';

const down = new Error('down');
const recoveryTimeout = 1000;
const failureWindow = 1000;

/**
 * Histories for a rate of one half and at least four calls in a second: the milliseconds from the start at which a call
 * fails (F) or succeeds (S), and whether the last end opens. None before it does. What is between nine tenths of a
 * window and a whole one old may count or not, so nothing here depends on it.
 */
const histories: readonly [name: string, history: string, opens: boolean][] = [
  ['exactly the rate, at exactly the minimum', '0S 0S 0F 0F', true],
  ['just below the rate', '0S 0S 0S 0F 0F', false],
  ['too few calls', '0F 0F 0F', false],
  ['all calls failing', '0F 10F 20F 30F', true],
  ['all of them younger than nine tenths of the window', '0F 300F 600F 899F', true],
  ['all of them younger than nine tenths, between successes', '0S 100F 450S 899F', true],
  ['the first older than the window', '0F 100F 200F 1001F', false],
  ['successes that have left the window', '0S 0S 0S 0S 0S 1001F 1001F 1001F 1001F', true],
  ['a success as the last end', '0F 0F 0F 10S', false],
  ['the failure after it', '0F 0F 0F 10S 20F', true],
  ['an idle gap of an hour', '0F 0F 0F 3600000F', false],
  ['an idle gap, then enough', '0S 0S 0S 0F 3600000F 3600001F 3600002F 3600003F', true],
  ['many idle gaps', '0F 2000F 4000F 6000F 8000F 10000F', false],
];

function stepsOf(history: string): readonly { readonly at: number; readonly work: () => unknown }[] {
  return history
    .split(' ')
    .map((step) => ({ at: Number.parseFloat(step), work: step.endsWith('F') ? failWith(down) : () => 'answer' }));
}

function createRated(create: Facade['create'], clock: TestClock, options = {}) {
  return create({ clock, failureRateThreshold: 0.5, failureWindow, minimumCalls: 4, recoveryTimeout, ...options });
}

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfCalling)('$name', ({ make }) => {
    it.each(histories)('S-12 judges the rate within the window: %s', async (_name, history, opens) => {
      const clock = createTestClock();
      const start = clock.now();
      const breaker = createRated(create, clock);
      for (const { at, work } of stepsOf(history)) {
        expect(breaker.state).toBe('closed');
        clock.advance(start + at - clock.now());
        await make(breaker, work).catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    });
  });

  it.each([1, 0.5])(
    'S-13 opens with calls of 400 ms in a window of 200 ms, a rate of %d and all failing',
    async (rate) => {
      const clock = createTestClock();
      const options = { failureWindow: 200, minimumCalls: 3, failureRateThreshold: rate };
      const breaker = createRated(create, clock, options);
      for (let made = 0; made < 3; made++) {
        const answer = createDeferred<string>();
        const call = breaker.call(() => answer.promise).catch(() => {});
        clock.advance(400);
        answer.reject(down);
        await call;
        // One at a time they never share a window.
        expect(breaker.state).toBe('closed');
      }
      const answers = Array.from({ length: 3 }, () => createDeferred<string>());
      const calls = answers.map((answer) => breaker.call(() => answer.promise).catch(() => {}));
      clock.advance(400);
      for (const answer of answers) answer.reject(down);
      await Promise.all(calls);
      expect(breaker.state).toBe('open');
    },
  );

  it('S-13 counts a call from its end on, in both numbers', async () => {
    const clock = createTestClock();
    const breaker = createRated(create, clock);
    const answers = Array.from({ length: 5 }, () => createDeferred<string>());
    const calls = answers.map((answer) => breaker.call(() => answer.promise).catch(() => {}));
    clock.advance(60_000);
    for (const answer of answers.slice(0, 3)) answer.resolve('well');
    answers[3]?.reject(down);
    await Promise.all(calls.slice(0, 4));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 0.25, inFlight: 1 });
    clock.advance(1001);
    answers[4]?.reject(down);
    await calls[4];
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 });
  });

  it('S-14 holds after any gap only what is inside the window', () => {
    const clock = createTestClock();
    const breaker = createRated(create, clock, { minimumCalls: 2 });
    breaker.acquire().succeed();
    breaker.acquire().succeed();
    breaker.acquire().fail(down);
    expect(breaker.metrics().failureRate).toBe(1 / 3);
    clock.jump(899);
    expect(breaker.metrics().failureRate).toBe(1 / 3);
    clock.jump(102);
    expect(breaker.metrics()).toMatchObject({ failureRate: 0, failures: 1, successes: 2 });
    breaker.acquire().fail(down);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 });
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-12 does not open by mere ageing, nor by a success that leaves more failures than successes', () => {
    const clock = createTestClock();
    const breaker = createRated(create, clock);
    for (let call = 0; call < 8; call++) breaker.acquire().succeed();
    clock.jump(500);
    for (let call = 0; call < 5; call++) breaker.acquire().fail(down);
    clock.jump(501);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 });
    breaker.acquire().succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 5 / 6 });
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });

  it('S-12 has the ends that say nothing in neither number', () => {
    const breaker = createRated(create, createTestClock());
    const settle = (end: 'succeed' | 'fail' | 'ignore' | 'cancel') => breaker.acquire()[end]();
    for (const end of ['succeed', 'succeed', 'fail', 'ignore', 'cancel', 'ignore', 'cancel'] as const) settle(end);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 / 3, ignored: 2, cancelled: 2 });
    settle('fail');
    expect(breaker.state).toBe('open');
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(breaker.metrics()).toMatchObject({ failures: 2, successes: 2, rejected: 1 });
  });

  it('S-16 starts with an empty window when the circuit closes', () => {
    const clock = createTestClock();
    const breaker = createRated(create, clock, { failureWindow: 100_000, minimumCalls: 2 });
    breaker.acquire().fail(down);
    breaker.acquire().fail(down);
    clock.jump(recoveryTimeout);
    breaker.acquire().succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 0 });
    breaker.acquire().fail(down);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 1 });
  });

  it('S-27 loses nothing and keeps nothing for ever when its clock goes back', () => {
    const clock = createTestClock(10_000_000);
    const breaker = createRated(create, clock);
    for (let call = 0; call < 3; call++) breaker.acquire().fail(down);
    clock.jump(-3_600_000);
    breaker.acquire().succeed();
    expect(breaker.metrics().failureRate).toBe(0.75);
    clock.jump(1001);
    expect(breaker.metrics().failureRate).toBe(0);
    for (let call = 0; call < 3; call++) breaker.acquire().fail(down);
    expect(breaker.state).toBe('closed');
    clock.jump(-3_600_000);
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
  });
});

describe('a breaker whose actor is read in the middle of a window', () => {
  it.each(histories)('S-12 judges the rate within the window: %s', async (_name, history, opens) => {
    for (let readAt = 0; readAt < stepsOf(history).length; readAt++) {
      const clock = createTestClock();
      const start = clock.now();
      const breaker = createRated(createBreaker, clock);
      for (const [index, { at, work }] of stepsOf(history).entries()) {
        expect(breaker.state).toBe('closed');
        clock.advance(start + at - clock.now());
        if (index === readAt) breaker.actor.getSnapshot();
        await breaker.call(work).catch(() => {});
      }
      expect(breaker.state).toBe(opens ? 'open' : 'closed');
    }
  });
});
