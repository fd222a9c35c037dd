import { CircuitBreakerOpenError, type Permit } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createDueBreaker, recoveryTimeout } from './half-open-breaker.ts';

describe('the number of trials', () => {
  it('S-30 runs exactly 3 of 1000 concurrent calls where 3 trials are allowed', async () => {
    const { breaker } = createDueBreaker({ halfOpenTrials: 3, successThreshold: 3 });
    const answer = createDeferred<string>();
    let runs = 0;

    const calls = Array.from({ length: 1000 }, () =>
      breaker.call(() => {
        runs++;
        return answer.promise;
      }),
    );
    answer.resolve('well');
    const results = await Promise.allSettled(calls);

    expect(runs).toBe(3);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(breaker.state).toBe('closed');
    expect(breaker.metrics()).toMatchObject({ calls: 3, successes: 3, rejected: 997, inFlight: 0 });
  });

  it('S-30 shares the slots among call, run, callSync, wrap, acquire and tryAcquire', async () => {
    const { breaker } = createDueBreaker({ halfOpenTrials: 2, successThreshold: 9 });
    const answer = createDeferred<void>();
    const first = breaker.call(() => answer.promise);
    const second = breaker.run(() => answer.promise);
    let runs = 0;
    const count = () => runs++;

    expect(await reasonOf(breaker.call(count))).toMatchObject({ reason: 'halfOpen' });
    expect(await reasonOf(breaker.run(count))).toMatchObject({ reason: 'halfOpen' });
    expect(await reasonOf(breaker.wrap(count)())).toMatchObject({ reason: 'halfOpen' });
    expect(() => breaker.callSync(count)).toThrow(CircuitBreakerOpenError);
    expect(() => breaker.wrapSync(count)()).toThrow(CircuitBreakerOpenError);
    expect(() => breaker.acquire()).toThrow(CircuitBreakerOpenError);
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(runs).toBe(0);
    expect(breaker.metrics()).toMatchObject({ trials: 2, calls: 2, rejected: 7 });

    answer.resolve();
    await Promise.all([first, second]);
    expect(breaker.metrics().trials).toBe(0);
  });

  it('S-30 lets the next trial through as soon as one has ended, and no more', async () => {
    const { breaker } = createDueBreaker({ halfOpenTrials: 3, successThreshold: 100 });
    const permits: Permit[] = [];
    const takeAll = () => {
      for (let round = 0; round < 5; round++)
        permits.push(...[breaker.tryAcquire()].filter((permit) => permit !== undefined));
    };

    takeAll();
    expect(permits).toHaveLength(3);
    for (let round = 1; round <= 20; round++) {
      permits[round]?.succeed();
      takeAll();
      expect(permits).toHaveLength(3 + round);
      expect(breaker.metrics().trials).toBe(3);
    }
  });

  it('S-30 counts a call that a trial itself makes through the breaker', async () => {
    const { breaker } = createDueBreaker();
    const nested = () => reasonOf(breaker.call(() => 'inner'));

    expect(await breaker.call(nested)).toMatchObject({ reason: 'halfOpen' });
    expect(breaker.state).toBe('closed');
  });

  it('S-30 allows the full number again in every later half-open period', async () => {
    const { breaker, clock } = createDueBreaker({ halfOpenTrials: 2 });
    for (let round = 0; round < 5; round++) {
      const permits = [breaker.tryAcquire(), breaker.tryAcquire(), breaker.tryAcquire()];
      expect(permits.map((permit) => permit !== undefined)).toEqual([true, true, false]);
      permits[0]?.fail(new Error('down'));
      expect(breaker.state).toBe('open');
      clock.jump(recoveryTimeout);
    }
  });
});

describe('callers beyond the trials', () => {
  it('S-36 are rejected at once with reason halfOpen and the rest of the first lease', async () => {
    const { breaker, clock } = createDueBreaker({ halfOpenTrials: 2, trialTimeout: 300, successThreshold: 9 });
    breaker.acquire();
    clock.jump(100);
    breaker.acquire();
    clock.jump(50);

    let rejection: unknown;
    breaker
      .call(() => 'never')
      .catch((error: unknown) => {
        rejection = error;
      });
    await flushMicrotasks();

    expect(rejection).toBeInstanceOf(CircuitBreakerOpenError);
    expect(rejection).toMatchObject({ reason: 'halfOpen', retryAfterMs: 150 });
  });

  it('S-36 do not queue: a slot that comes free later runs none of them', async () => {
    const { breaker } = createDueBreaker({ successThreshold: 9 });
    const trial = breaker.acquire();
    let runs = 0;
    const rejected = Array.from({ length: 50 }, () => reasonOf(breaker.call(() => runs++)));

    trial.succeed();
    await Promise.all(rejected);
    await flushMicrotasks();

    expect(runs).toBe(0);
    expect(breaker.metrics()).toMatchObject({ rejected: 50, trials: 0 });
    expect(await breaker.call(() => 'next')).toBe('next');
  });
});
