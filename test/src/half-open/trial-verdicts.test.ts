import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createDueBreaker, recoveryTimeout } from './half-open-breaker.ts';

class Excluded extends Error {}

describe('the verdict of trials', () => {
  it('S-31 closes after successThreshold successes, not one earlier', async () => {
    const { breaker } = createDueBreaker({ successThreshold: 3 });
    for (const expected of ['halfOpen', 'halfOpen', 'closed']) {
      await breaker.call(() => 'well');
      expect(breaker.state).toBe(expected);
    }
  });

  it('S-31 counts successes of trials that run side by side', () => {
    const { breaker } = createDueBreaker({ successThreshold: 2, halfOpenTrials: 2 });
    const [first, second] = [breaker.acquire(), breaker.acquire()];
    second.succeed();
    expect(breaker.state).toBe('halfOpen');
    first.succeed();
    expect(breaker.state).toBe('closed');
  });

  it.each(['held back', 'sent at once'])('S-38 counts a failed trial that does not re-open: outcomes %s', (mode) => {
    const { breaker } = createDueBreaker({ trialFailureThreshold: 2 });
    if (mode === 'sent at once') breaker.actor.getSnapshot();
    breaker.acquire().fail(new Error('down'));
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', failures: 1, ignored: 0 });
    breaker.acquire().fail(new Error('down'));
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 2, ignored: 0 });
  });

  it('S-31 re-opens on one failure, whatever succeeded before, with a fresh full wait', async () => {
    const { breaker, clock } = createDueBreaker({ successThreshold: 3 });
    await breaker.call(() => 'well');
    await breaker.call(() => 'well');
    clock.jump(123);
    const error = new Error('down');

    expect(await reasonOf(breaker.call(() => Promise.reject(error)))).toBe(error);
    expect(breaker.state).toBe('open');
    expect(breaker.metrics().retryAfterMs).toBe(recoveryTimeout);

    clock.jump(recoveryTimeout - 1);
    expect(await reasonOf(breaker.call(() => 'too early'))).toMatchObject({ reason: 'open', cause: error });
    clock.jump(1);
    expect(await breaker.call(() => 'in time')).toBe('in time');
  });

  it('S-31 forgets the successes of an earlier half-open period', async () => {
    const { breaker, clock } = createDueBreaker({ successThreshold: 2 });
    await breaker.call(() => 'well');
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    clock.jump(recoveryTimeout);

    await breaker.call(() => 'well');
    expect(breaker.state).toBe('halfOpen');
    await breaker.call(() => 'well');
    expect(breaker.state).toBe('closed');
  });

  it('S-31 waits afresh from the failure, not from when its trial started', () => {
    const { breaker, clock } = createDueBreaker();
    const trial = breaker.acquire();
    clock.jump(400);
    trial.fail(new Error('down'));
    clock.jump(recoveryTimeout - 1);
    expect(breaker.state).toBe('open');
    clock.jump(1);
    expect(breaker.state).toBe('halfOpen');
  });
});

describe('a trial without a verdict', () => {
  it.each(['ignore', 'cancel'] as const)('S-34 that ends with %s neither closes nor re-opens', (end) => {
    const { breaker } = createDueBreaker();
    for (let round = 0; round < 10; round++) {
      breaker.acquire()[end]();
      expect(breaker.state).toBe('halfOpen');
    }
    expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 0, trials: 0, reopenings: 0 });
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });

  it('S-34 that ends with an excluded error neither closes nor re-opens, and does not break the successes', async () => {
    const { breaker } = createDueBreaker({ excludedErrors: [Excluded], successThreshold: 2 });
    await breaker.call(() => 'well');
    const error = new Excluded('bad request');
    expect(await reasonOf(breaker.call(() => Promise.reject(error)))).toBe(error);
    expect(breaker.state).toBe('halfOpen');
    expect(breaker.metrics()).toMatchObject({ ignored: 1, failures: 0 });
    await breaker.call(() => 'well');
    expect(breaker.state).toBe('closed');
  });

  it('S-34 that ends with an error the predicate lets pass neither closes nor re-opens', async () => {
    const { breaker } = createDueBreaker({ failurePredicate: (error) => !(error instanceof RangeError) });
    await reasonOf(breaker.call(() => Promise.reject(new RangeError('mine'))));
    expect(breaker.state).toBe('halfOpen');
    await reasonOf(breaker.call(() => Promise.reject(new Error('theirs'))));
    expect(breaker.state).toBe('open');
  });
});

describe('a trial whose result is a failure', () => {
  it('S-37 re-opens, and the caller still gets the result', async () => {
    const heard: unknown[] = [];
    const { breaker } = createDueBreaker({
      failureResult: (result) => result === 'refused',
      onFailure: (error) => heard.push(error),
    });
    expect(await breaker.call(() => 'refused')).toBe('refused');
    expect(breaker.state).toBe('open');
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0, retryAfterMs: recoveryTimeout });
    expect(heard).toEqual(['refused']);
  });

  it('S-37 re-opens however it was made', async () => {
    const options = { failureResult: (result: unknown) => result === 'refused' };
    const calls: readonly ((breaker: CircuitBreaker) => unknown)[] = [
      (breaker) => breaker.callSync(() => 'refused'),
      (breaker) => breaker.run(async () => 'refused'),
      (breaker) => breaker.wrap(async () => 'refused')(),
      (breaker) => breaker.wrapSync(() => 'refused')(),
    ];
    for (const call of calls) {
      const { breaker } = createDueBreaker(options);
      expect(await call(breaker)).toBe('refused');
      expect(breaker.state).toBe('open');
    }
  });

  it('S-37 counts in a closed circuit like a failure', async () => {
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 2, failureResult: () => true });
    await breaker.call(() => 'refused');
    expect(breaker.state).toBe('closed');
    await breaker.call(() => 'refused');
    expect(breaker.state).toBe('open');
  });

  it('S-37 closes with a result that failureResult lets pass', async () => {
    const { breaker } = createDueBreaker({ failureResult: (result) => result === 'refused' });
    expect(await breaker.call(() => 'answered')).toBe('answered');
    expect(breaker.state).toBe('closed');
  });
});
