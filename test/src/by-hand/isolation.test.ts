import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { caught } from '../half-open/ways-out.ts';
import { createBreakerIn, failTimes, states } from './every-state.ts';

describe('isolate()', () => {
  it.each(states)('S-60 rejects every way of calling with reason isolated, from %s', async (state) => {
    const { breaker } = createBreakerIn(state);
    breaker.isolate();
    const before = breaker.metrics().rejected;
    let runs = 0;
    const fn = () => runs++;
    const rejections = [
      await reasonOf(breaker.call(fn)),
      await reasonOf(breaker.run(fn)),
      caught(() => breaker.callSync(fn)),
      caught(() => breaker.acquire()),
    ];
    expect(breaker.tryAcquire()).toBeUndefined();
    for (const rejection of rejections) {
      expect(rejection).toBeInstanceOf(CircuitBreakerOpenError);
      expect(rejection).toMatchObject({ reason: 'isolated', retryAfterMs: null });
    }
    expect(runs).toBe(0);
    expect(breaker.state).toBe('isolated');
    expect(breaker.metrics()).toMatchObject({ state: 'isolated', rejected: before + 5, retryAfterMs: null });
  });

  it.each(['with timers', 'with frozen timers'])('S-60 no time ends it: %s', (how) => {
    for (const state of states) {
      const { breaker, clock } = createBreakerIn(state, { trialTimeout: 10 });
      if (state === 'halfOpen') breaker.acquire();
      breaker.isolate();
      for (const ms of [1, 1000, 60_000, 2_147_483_647, 2_147_483_647]) {
        if (how === 'with timers') clock.advance(ms);
        else clock.jump(ms);
        expect(breaker.state).toBe('isolated');
      }
      expect(clock.pendingTimers).toBe(0);
      expect(breaker.tryAcquire()).toBeUndefined();
    }
  });

  it('S-60 results that arrive change nothing, of calls and of trials', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const answers = [createDeferred<string>(), createDeferred<string>()];
    const calls = answers.map(({ promise }) => breaker.call(() => promise));
    breaker.isolate();
    const before = breaker.metrics();
    answers[0]?.resolve('late');
    answers[1]?.reject(new Error('late'));
    await Promise.allSettled(calls);
    const { state, generation, since, consecutiveFailures } = breaker.metrics();
    expect({ ...before, state, generation, since, consecutiveFailures }).toEqual(before);

    const halfOpen = createBreakerIn('halfOpen', { halfOpenTrials: 2 });
    const trials = [halfOpen.breaker.acquire(), halfOpen.breaker.acquire()];
    halfOpen.breaker.isolate();
    trials[0]?.succeed();
    trials[1]?.fail();
    expect(halfOpen.breaker.metrics()).toMatchObject({ state: 'isolated', trials: 0 });
  });

  it('S-60 ends closed and fresh', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 3 });
    await failTimes(breaker, 2);
    const { generation } = breaker.metrics();
    breaker.isolate()[Symbol.dispose]();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 0, generation: generation + 2 });
    await failTimes(breaker, 2);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('S-60 the rejections carry no cause of an earlier opening', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    await failTimes(breaker, 1);
    expect(await reasonOf(breaker.call(() => 'never'))).toHaveProperty('cause');
    breaker.isolate();
    expect(await reasonOf(breaker.call(() => 'never'))).not.toHaveProperty('cause');
  });
});
