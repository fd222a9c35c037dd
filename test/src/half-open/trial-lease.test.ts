import {
  type BreakerMetrics,
  type BreakerOptions,
  createBreaker,
  createBreakerRegistry,
  type Permit,
} from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createDueBreaker, recoveryTimeout } from './half-open-breaker.ts';

const never = () => new Promise<never>(() => {});

describe('a trial that never settles', () => {
  it('S-32 holds its slot until exactly trialTimeout has passed, with frozen timers', async () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200 });
    void breaker.call(never);

    clock.jump(199);
    expect(await reasonOf(breaker.call(() => 'early'))).toMatchObject({ reason: 'halfOpen', retryAfterMs: 1 });
    expect(breaker.metrics().trials).toBe(1);
    clock.jump(1);
    expect(await breaker.call(() => 'in time')).toBe('in time');
    expect(breaker.state).toBe('closed');
  });

  it('S-32 holds its slot until exactly trialTimeout has passed, by timers alone', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200 });
    breaker.acquire();
    const { actor } = breaker;

    clock.advance(199);
    expect(actor.getSnapshot().matches({ halfOpen: 'full' })).toBe(true);
    clock.advance(1);
    expect(actor.getSnapshot().matches({ halfOpen: 'free' })).toBe(true);
    expect(actor.getSnapshot().context.trials).toEqual([]);
  });

  it('S-32 is given up after recoveryTimeout where no trialTimeout is set', async () => {
    const { breaker, clock } = createDueBreaker();
    void breaker.call(never);
    clock.jump(recoveryTimeout - 1);
    expect(breaker.tryAcquire()).toBeUndefined();
    clock.jump(1);
    expect(breaker.tryAcquire()).toBeDefined();
  });

  it('S-32 cannot wedge the circuit however often it happens', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200, halfOpenTrials: 2 });
    for (let round = 0; round < 100; round++) {
      expect(breaker.tryAcquire()).toBeDefined();
      expect(breaker.tryAcquire()).toBeDefined();
      expect(breaker.tryAcquire()).toBeUndefined();
      if (round % 2 === 0) clock.jump(200);
      else clock.advance(200);
    }
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });

  it('S-32 gives back only its own slot: each lease ends by itself', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200, halfOpenTrials: 3, successThreshold: 9 });
    breaker.acquire();
    clock.jump(50);
    breaker.acquire();
    clock.jump(50);
    breaker.acquire();
    const trialsAfter = (ms: number): BreakerMetrics['trials'] => {
      clock.jump(ms);
      return breaker.metrics().trials;
    };

    expect([trialsAfter(99), trialsAfter(1), trialsAfter(49), trialsAfter(1), trialsAfter(50)]).toEqual([
      3, 2, 2, 1, 0,
    ]);
  });

  it('S-32 still counts when it settles an instant before its lease ends', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200 });
    const trial = breaker.acquire();
    clock.jump(199);
    trial.succeed();
    expect(breaker.state).toBe('closed');
  });
});

describe('the late result of a trial', () => {
  const ends: Record<string, (permit: Permit) => void> = {
    success: (permit) => permit.succeed(),
    failure: (permit) => permit.fail(new Error('late')),
    exclusion: (permit) => permit.ignore(),
    cancellation: (permit) => permit.cancel(),
    disposal: (permit) => permit[Symbol.dispose](),
  };
  const halfOpen = { state: 'halfOpen', trials: 1 };
  const targets: Record<string, string> = { success: 'closed', failure: 'open', disposal: 'open' };

  it.each(Object.keys(ends))('S-32 counts also once the lease is over, though nobody looked: %s', (end) => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200 });
    const trial = breaker.acquire();
    clock.jump(200);
    ends[end]?.(trial);
    expect(breaker.metrics()).toMatchObject({ state: targets[end] ?? 'halfOpen', trials: 0, inFlight: 0 });
  });

  it.each(Object.keys(ends))('S-32 frees no slot of the trial that took its place: %s', (end) => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200, successThreshold: 2, trialFailureThreshold: 2 });
    const late = breaker.acquire();
    clock.jump(200);
    const current = breaker.acquire();
    ends[end]?.(late);

    expect(breaker.metrics()).toMatchObject(halfOpen);
    expect(breaker.tryAcquire()).toBeUndefined();
    current.succeed();
    expect(breaker.metrics().trials).toBe(0);
  });

  it('S-32 counts for call and run, and reaches the caller all the same', async () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200, successThreshold: 9, trialFailureThreshold: 9 });
    const good = createDeferred<string>();
    const bad = createDeferred<string>();
    const error = new Error('late');
    const first = breaker.call(() => good.promise);
    clock.jump(200);
    const second = breaker.run(() => bad.promise);
    clock.jump(200);
    breaker.acquire();

    good.resolve('late');
    bad.reject(error);
    expect(await first).toBe('late');
    expect(await reasonOf(second)).toBe(error);
    expect(breaker.metrics()).toMatchObject({ ...halfOpen, successes: 1, failures: 1, inFlight: 1 });
    expect(breaker.actor.getSnapshot().context).toMatchObject({ trialSuccesses: 1, outage: { trialFailures: 1 } });
  });

  it('S-32 is ignored in the period after: the circuit re-opened and is half-open again', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 5000, halfOpenTrials: 2 });
    const late = breaker.acquire();
    breaker.acquire().fail();
    clock.jump(recoveryTimeout);
    breaker.acquire();
    late.succeed();
    expect(breaker.metrics()).toMatchObject(halfOpen);
  });
});

describe('the lease of a trial and the clock', () => {
  it('S-32 costs at most one full lease more where the clock goes back', () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 200 });
    breaker.acquire();
    clock.jump(-3_600_000);
    expect(breaker.metrics().trials).toBe(1);
    clock.jump(199);
    expect(breaker.metrics().trials).toBe(1);
    clock.jump(1);
    expect(breaker.metrics().trials).toBe(0);
  });

  it('S-32 is on by default: a hanging operation costs one slot for a minute, not for ever', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1 });
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    clock.advance(60_000);
    void breaker.call(never);
    await flushMicrotasks();
    clock.advance(60_000);
    expect(await breaker.call(() => 'well')).toBe('well');
  });

  it('S-32 lasts as long as a deadline that is longer than recoveryTimeout, unless it is given', () => {
    const leaseOf = (options: BreakerOptions) => {
      const { trialTimeoutMs } = createBreaker(options).actor.getSnapshot().context.settings;
      return trialTimeoutMs;
    };
    expect(leaseOf({ timeout: 90_000 })).toBe(90_000);
    expect(leaseOf({ timeout: 10_000 })).toBe(60_000);
    expect(leaseOf({ timeout: 10_000, recoveryTimeout: 5_000 })).toBe(10_000);
    expect(leaseOf({ timeout: 90_000, trialTimeout: 1_000 })).toBe(1_000);
    const registry = createBreakerRegistry({ timeout: 90_000 });
    expect(registry.get('a').actor.getSnapshot().context.settings.trialTimeoutMs).toBe(90_000);
  });

  it('S-32 lets a healthy operation close the circuit that takes longer than any lease', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1 });
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    clock.advance(60_000);
    const slow = createDeferred<string>();
    const answer = breaker.call(() => slow.promise);
    clock.advance(61_000);
    slow.resolve('well');
    await answer;
    expect(breaker.state).toBe('closed');
  });

  it.each([{ timeout: 60_000 }, { timeout: 60_000, trialTimeout: 30_000 }])(
    'S-32 lets a hanging operation re-open the circuit, and its waits grow: %j',
    async (limits) => {
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 1, ...limits, recoveryBackoff: { factor: 2 } });
      let calls = 0;
      const hang = () => {
        calls++;
        return new Promise<never>(() => {});
      };
      // For four hours somebody calls every ten seconds.
      for (let tick = 0; tick < 4 * 360; tick++) {
        void breaker.run(hang).catch(() => {});
        clock.advance(10_000);
        await flushMicrotasks();
      }
      expect(breaker.metrics().reopenings).toBeGreaterThan(5);
      expect(calls).toBeLessThan(30);
    },
  );
});
