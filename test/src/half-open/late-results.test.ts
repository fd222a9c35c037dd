import type { BreakerMetrics, CircuitBreaker, Permit } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout, type TimedBreaker } from './half-open-breaker.ts';

/** Brings a closed breaker into each state, by a way that begins a new generation. */
const ways: Readonly<Record<string, (timed: TimedBreaker) => void>> = {
  'closed again': ({ breaker }) => breaker.reset(),
  open: ({ breaker }) => breaker.trip(),
  halfOpen: ({ breaker, clock }) => {
    breaker.trip();
    clock.jump(recoveryTimeout);
  },
  isolated: ({ breaker }) => {
    breaker.isolate();
  },
  disabled: ({ breaker }) => breaker.disable(),
  'closed after a recovery': ({ breaker, clock }) => {
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.acquire().succeed();
  },
};

const ends: Readonly<Record<string, (permit: Permit) => void>> = {
  success: (permit) => permit.succeed(),
  failure: (permit) => permit.fail(new Error('late')),
  exclusion: (permit) => permit.ignore(),
  cancellation: (permit) => permit.cancel(),
};

/** Whether outcomes are held back by the facade, or sent to the chart at once because its actor has been read. */
const modes: Readonly<Record<string, (breaker: CircuitBreaker) => unknown>> = {
  'held back': () => {},
  'sent at once': (breaker) => breaker.actor.getSnapshot(),
};

const pairs = Object.keys(ways).flatMap((way) => Object.keys(ends).map((end) => [end, way] as const));

function judged(breaker: CircuitBreaker): Partial<BreakerMetrics> {
  const { state, since, generation, consecutiveFailures, trials, retryAfterMs, reopenings } = breaker.metrics();
  return { state, since, generation, consecutiveFailures, trials, retryAfterMs, reopenings };
}

describe.each(Object.entries(modes))('a result of an earlier generation, outcomes being %s', (_mode, prepare) => {
  it.each(pairs)('S-35 changes nothing: %s arrives while %s', (end, way) => {
    const timed = createTimedBreaker({ failureThreshold: 1 });
    const { breaker } = timed;
    prepare(breaker);
    const late = breaker.acquire();
    ways[way]?.(timed);
    const before = judged(breaker);

    ends[end]?.(late);

    expect(judged(breaker)).toEqual(before);
    expect(breaker.metrics().inFlight).toBe(0);
  });

  it.each(Object.keys(ends))('S-35 changes nothing while a trial is running: %s', (end) => {
    const { breaker, clock } = createTimedBreaker({ successThreshold: 2 });
    prepare(breaker);
    const late = breaker.acquire();
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.acquire();
    ends[end]?.(late);
    expect(judged(breaker)).toMatchObject({ state: 'halfOpen', trials: 1 });
    expect(breaker.tryAcquire()).toBeUndefined();
  });

  it('S-35 of a trial changes nothing after reset(), trip() or isolate()', () => {
    for (const command of ['reset', 'trip', 'isolate', 'disable'] as const) {
      const { breaker, clock } = createTimedBreaker({ failureThreshold: 1 });
      prepare(breaker);
      breaker.trip();
      clock.jump(recoveryTimeout);
      const trial = breaker.acquire();
      breaker[command]();
      const before = judged(breaker);
      trial.fail(new Error('late'));
      expect(judged(breaker)).toEqual(before);
    }
  });

  it('S-35 does not clear the failures that are counted now', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 2 });
    prepare(breaker);
    const answer = createDeferred<string>();
    const late = breaker.call(() => answer.promise);
    breaker.reset();
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    answer.resolve('late');
    await late;
    expect(breaker.metrics().consecutiveFailures).toBe(1);
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    expect(breaker.state).toBe('open');
  });

  it('S-35 of 50 calls that were under way when the circuit opened neither closes it nor prolongs the wait', async () => {
    const { breaker, clock } = createTimedBreaker({ failureThreshold: 1 });
    prepare(breaker);
    const answers = Array.from({ length: 50 }, () => createDeferred<string>());
    const calls = answers.map(({ promise }) => breaker.call(() => promise));
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    clock.jump(400);
    answers.forEach(({ resolve, reject }, index) => {
      if (index % 2 === 0) resolve('late');
      else reject(new Error('late'));
    });
    await Promise.allSettled(calls);
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: recoveryTimeout - 400, inFlight: 0 });
  });
});
