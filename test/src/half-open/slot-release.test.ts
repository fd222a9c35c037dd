import { describe, expect, it } from 'vitest';
import { createDueBreaker, recoveryTimeout } from './half-open-breaker.ts';
import { caught, Excluded, throwing, waysOut } from './ways-out.ts';

const excludedErrors = [Excluded];

describe('a slot comes back on every way out', () => {
  it.each(Object.entries(waysOut))('S-33 %s', async (_name, { verdict, leave }) => {
    const { breaker, clock } = createDueBreaker({ excludedErrors });
    await leave(breaker);

    const expected = { success: 'closed', failure: 'open', neutral: 'halfOpen' }[verdict];
    expect(breaker.metrics()).toMatchObject({ state: expected, trials: 0, inFlight: 0, calls: 1 });
    if (verdict === 'failure') clock.jump(recoveryTimeout);
    if (verdict !== 'success') expect(breaker.tryAcquire()).toBeDefined();
    if (verdict !== 'success') expect(breaker.tryAcquire()).toBeUndefined();
  });

  it.each(Object.entries(waysOut))('S-33 once and no more, with another trial running: %s', async (_name, way) => {
    const { breaker } = createDueBreaker({ excludedErrors, halfOpenTrials: 2, successThreshold: 9 });
    const other = breaker.acquire();
    await way.leave(breaker);

    if (way.verdict === 'failure') {
      expect(breaker.metrics()).toMatchObject({ state: 'open', trials: 0, inFlight: 1 });
    } else {
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, inFlight: 1 });
      expect(breaker.tryAcquire()).toBeDefined();
      expect(breaker.tryAcquire()).toBeUndefined();
    }
    other.cancel();
    expect(breaker.metrics().inFlight).toBe(way.verdict === 'failure' ? 0 : 1);
  });

  it('S-33 abort before admission takes none', async () => {
    const { breaker } = createDueBreaker();
    const signal = AbortSignal.abort('too late');
    await breaker.run(() => 'never', { signal }).catch(() => {});
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, calls: 0 });
    expect(breaker.tryAcquire()).toBeDefined();
  });

  it('S-33 a deadline gives it back at its instant, and the late result does not give back another', async () => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 500, halfOpenTrials: 2, successThreshold: 9 });
    const call = breaker.run(() => new Promise<never>(() => {}), { timeout: 100 }).catch((error: unknown) => error);
    clock.advance(99);
    expect(breaker.metrics().trials).toBe(1);
    clock.advance(1);
    expect(breaker.metrics()).toMatchObject({ state: 'open', trials: 0, timeouts: 1 });
    expect(await call).toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
  });

  it('S-33 a call that is refused for its arguments takes none', async () => {
    const { breaker } = createDueBreaker();
    const notAFunction: unknown = 'text';
    await Reflect.apply(breaker.call, breaker, [notAFunction]).catch(() => {});
    await breaker.run(() => 'never', { timeout: -1 }).catch(() => {});
    caught(() => Reflect.apply(breaker.callSync, breaker, [notAFunction]));
    expect(breaker.metrics()).toMatchObject({ trials: 0, calls: 0 });
    expect(await breaker.call(() => 'well')).toBe('well');
  });

  it('S-33 a permit settles once: the first verdict stands', () => {
    const { breaker } = createDueBreaker();
    const permit = breaker.acquire();
    expect(permit.settled).toBe(false);
    permit.succeed();
    permit.fail(new Error('second thoughts'));
    permit[Symbol.dispose]();
    expect(permit.settled).toBe(true);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 1, failures: 0, consecutiveFailures: 0 });
  });

  it('S-33 a listener that throws on the way out keeps none', async () => {
    const { breaker, clock } = createDueBreaker({
      onCallbackError: () => {},
      onFailure: throwing(new Error('listener')),
      onSuccess: throwing(new Error('listener')),
      onOpen: throwing(new Error('listener')),
      onHalfOpen: throwing(new Error('listener')),
    });
    breaker.acquire().fail();
    clock.jump(recoveryTimeout);
    expect(await breaker.call(() => 'well')).toBe('well');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', trials: 0, inFlight: 0 });
  });
});
