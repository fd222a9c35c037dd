import { describe, expect, it } from 'vitest';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { createBreakerIn, failTimes, type RunningState, states } from './every-state.ts';

type Command = 'trip' | 'reset' | 'isolate' | 'disable' | 'enable';

/** What each command leads to, state by state. */
const table: Readonly<Record<Command, Readonly<Record<RunningState, RunningState>>>> = {
  trip: { closed: 'open', open: 'open', halfOpen: 'open', isolated: 'isolated', disabled: 'open' },
  reset: { closed: 'closed', open: 'closed', halfOpen: 'closed', isolated: 'closed', disabled: 'closed' },
  isolate: {
    ...{ closed: 'isolated', open: 'isolated', halfOpen: 'isolated', isolated: 'isolated', disabled: 'isolated' },
  },
  disable: {
    ...{ closed: 'disabled', open: 'disabled', halfOpen: 'disabled', isolated: 'disabled', disabled: 'disabled' },
  },
  enable: { closed: 'closed', open: 'open', halfOpen: 'halfOpen', isolated: 'isolated', disabled: 'closed' },
};
const commands = ['trip', 'reset', 'isolate', 'disable', 'enable'] as const;
const pairs = commands.flatMap((command) => states.map((state) => [command, state] as const));

describe('commands', () => {
  it.each(pairs)('S-61 %s() works from %s, and tells of a change only where there is one', (command, state) => {
    const told: unknown[] = [];
    const { breaker } = createBreakerIn(state);
    breaker.on('stateChange', (from, to) => told.push([from, to]));
    breaker.on('open', () => told.push('open'));
    breaker.on('close', () => told.push('close'));
    const { generation } = breaker.metrics();

    breaker[command]();

    const to = table[command][state];
    const isFresh = to !== state || (command === 'reset' && state === 'closed');
    const named = { closed: ['close'], open: ['open'], halfOpen: [], isolated: [], disabled: [] }[to];
    expect(breaker.state).toBe(to);
    expect(breaker.metrics().generation).toBe(generation + (isFresh ? 1 : 0));
    expect(told).toEqual(to === state ? [] : [[state, to], ...named]);
  });

  it.each(states)('S-61 reset() clears everything, from %s', async (state) => {
    const { breaker, clock } = createTimedBreaker({ failureThreshold: 3, failureWindow: 60_000, trialTimeout: 500 });
    await failTimes(breaker, 2);
    if (state !== 'closed') breaker.trip();
    if (state === 'halfOpen') clock.jump(recoveryTimeout);
    if (state === 'halfOpen') breaker.acquire().fail();
    if (state === 'halfOpen') clock.jump(recoveryTimeout);
    if (state === 'halfOpen') breaker.acquire();
    if (state === 'isolated') breaker.isolate();
    if (state === 'disabled') breaker.disable();

    breaker.reset();

    const cleared = { state: 'closed', consecutiveFailures: 0, trials: 0, reopenings: 0, retryAfterMs: null };
    expect(breaker.metrics()).toMatchObject(cleared);
    expect(clock.pendingTimers).toBe(0);
    await failTimes(breaker, 2);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  it('S-61 reset() clears the failures of a window, and those in a row', async () => {
    for (const options of [{ failureThreshold: 3 }, { failureThreshold: 3, failureWindow: 60_000 }]) {
      const { breaker } = createTimedBreaker(options);
      await failTimes(breaker, 2);
      breaker.reset();
      await failTimes(breaker, 2);
      expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
    }
  });

  it('S-61 trip() while open keeps the wait that is running', () => {
    const { breaker, clock } = createTimedBreaker();
    breaker.trip();
    clock.jump(400);
    breaker.trip();
    expect(breaker.metrics().retryAfterMs).toBe(recoveryTimeout - 400);
    clock.jump(recoveryTimeout - 400);
    expect(breaker.state).toBe('halfOpen');
  });

  it('S-61 trip() of a circuit that is due opens it for a full wait more', () => {
    const { breaker, clock } = createTimedBreaker();
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: recoveryTimeout });
  });

  it('S-61 trip() while half-open takes the slots of the trials that are running', () => {
    const { breaker, clock } = createBreakerIn('halfOpen');
    const trial = breaker.acquire();
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ state: 'open', trials: 0, retryAfterMs: recoveryTimeout });
    trial.succeed();
    clock.jump(recoveryTimeout - 1);
    expect(breaker.state).toBe('open');
    clock.jump(1);
    expect(breaker.tryAcquire()).toBeDefined();
  });

  it('S-61 leave the totals as they are', async () => {
    const { breaker } = createTimedBreaker();
    await failTimes(breaker, 2);
    await breaker.call(() => 'well');
    const { calls, successes, failures } = breaker.metrics();
    for (const command of commands) breaker[command]();
    breaker.reset();
    expect(breaker.metrics()).toMatchObject({ calls, successes, failures });
  });
});
