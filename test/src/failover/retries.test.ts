import { type BreakerClock, createBreaker, failover } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { modelCalls } from '../../../src/llm.ts';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type Candidate, errorOf, inShort } from './candidates.ts';

/** Candidates of which the first fails as a list says; what was asked when is noted. */
function setUp(errors: readonly unknown[], { failureThreshold = 5, chance = 0.5 } = {}) {
  const testClock = createTestClock();
  const clock: BreakerClock = {
    now: () => testClock.now(),
    setTimeout: (callback, ms) => testClock.setTimeout(callback, ms),
    clearTimeout: (timer: number) => testClock.clearTimeout(timer),
    random: () => chance,
  };
  const start = testClock.now();
  const candidates = ['a', 'b'].map((name) => ({
    name,
    breaker: createBreaker({ name, clock, failureThreshold, ...modelCalls() }),
  }));
  const asked: string[] = [];
  const ahead = [...errors];
  const fn = async ({ name }: Candidate) => {
    asked.push(`${name} at ${testClock.now() - start}`);
    const error = name === 'a' ? ahead.shift() : undefined;
    if (error !== undefined) throw error;
    return `of ${name}`;
  };
  const wait = async (ms: number) => {
    await flushMicrotasks();
    testClock.advance(ms);
    await flushMicrotasks();
  };
  return { candidates, asked, fn, wait, clock: testClock };
}

const down = errorOf(503);

describe('retries of failover', () => {
  it('are none by default', async () => {
    const { candidates, asked, fn } = setUp([down]);
    expect(await failover(candidates, fn)).toBe('of b');
    expect(asked).toEqual(['a at 0', 'b at 0']);
  });

  it.each([
    ['rateLimit', errorOf(429)],
    ['overloaded', errorOf(529)],
    ['serverError', errorOf(500)],
    ['connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('ask the same candidate again after 0.5 and 1 s (%s)', async (_kind, error) => {
    const { candidates, asked, fn, wait } = setUp([error, error, error]);
    const served: object[] = [];
    const answer = failover(candidates, fn, { retries: 2, onServed: (event) => served.push(inShort(event)) });
    await wait(500);
    await wait(1_000);
    expect(await answer).toBe('of b');
    expect(asked).toEqual(['a at 0', 'a at 500', 'a at 1500', 'b at 1500']);
    expect(served).toMatchObject([{ by: 'b', attempts: 4, left: [expect.stringContaining('a: ')] }]);
  });

  it.each([
    [0, 375],
    [0.75, 562.5],
  ])('are spread by the chance of the clock (%d)', async (chance, afterMs) => {
    const { candidates, asked, fn, wait } = setUp([down], { chance });
    const answer = failover(candidates, fn, { retries: 1 });
    await wait(afterMs - 1);
    expect(asked).toHaveLength(1);
    await wait(1);
    expect(await answer).toBe('of a');
  });

  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after-ms': '300' }, 300],
    [{ 'retry-after': '10' }, 10_000],
  ])('wait as long as the provider asks: %o', async (headers, afterMs) => {
    const { candidates, asked, fn, wait } = setUp([errorOf(503, {}, headers)]);
    const answer = failover(candidates, fn, { retries: 2 });
    await wait(afterMs);
    expect(await answer).toBe('of a');
    expect(asked).toEqual(['a at 0', `a at ${afterMs}`]);
  });

  it('are left out where the provider asks for more than 10 s', async () => {
    const { candidates, asked, fn } = setUp([errorOf(503, {}, { 'retry-after': '11' })]);
    expect(await failover(candidates, fn, { retries: 2 })).toBe('of b');
    expect(asked).toEqual(['a at 0', 'b at 0']);
  });

  it.each([
    ['a timeout', errorOf(408)],
    ['a wrong key', errorOf(401)],
    ['an exhausted quota', errorOf(429, { code: 'insufficient_quota' })],
    ['a removed model', errorOf(404, { code: 'model_not_found' })],
    ['something unknown', new Error('strange')],
  ])('are of no use after %s', async (_name, error) => {
    const { candidates, asked, fn } = setUp([error]);
    expect(await failover(candidates, fn, { retries: 2 })).toBe('of b');
    expect(asked).toEqual(['a at 0', 'b at 0']);
  });

  it('never go into an open circuit', async () => {
    const { candidates, asked, fn, wait } = setUp([down, down, down], { failureThreshold: 2 });
    const answer = failover(candidates, fn, { retries: 5 });
    await wait(500);
    expect(await answer).toBe('of b');
    expect(asked).toEqual(['a at 0', 'a at 500', 'b at 500']);
    expect(candidates[0]?.breaker.metrics()).toMatchObject({ state: 'open', rejected: 0 });
  });

  it('never go into a circuit that opens during the wait', async () => {
    const { candidates, asked, fn, wait } = setUp([down]);
    const answer = failover(candidates, fn, { retries: 1 });
    await flushMicrotasks();
    candidates[0]?.breaker.trip();
    await wait(500);
    expect(await answer).toBe('of b');
    expect(asked).toEqual(['a at 0', 'b at 500']);
    expect(candidates[0]?.breaker.metrics().rejected).toBe(0);
  });

  it('end with the last error of the only candidate', async () => {
    const last = errorOf(500);
    const { candidates, fn, wait } = setUp([down, last]);
    const answer = reasonOf(failover(candidates.slice(0, 1), fn, { retries: 1 }));
    await wait(500);
    expect(await answer).toBe(last);
  });

  it("S-43 end with the caller's abort, and leave no timer", async () => {
    const { candidates, asked, fn, clock } = setUp([down]);
    const stop = new AbortController();
    const answer = reasonOf(failover(candidates, fn, { retries: 1, signal: stop.signal }));
    await flushMicrotasks();
    stop.abort('stop');
    expect(await answer).toBe('stop');
    expect([asked, clock.pendingTimers]).toEqual([['a at 0'], 0]);
  });

  it.each([-1, 11, 0.5, '2', Number.NaN])('are refused: %o', async (retries) => {
    const { candidates, fn } = setUp([]);
    const error = await reasonOf(Reflect.apply(failover, undefined, [candidates, fn, { retries }]));
    expect(error).toMatchObject({ code: 'ERR_BREAKER_OPTIONS', option: 'retries' });
  });
});
