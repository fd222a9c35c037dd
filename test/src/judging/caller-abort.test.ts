import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createDueBreaker, createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { uncaughtExceptionsOf } from './unhandled-rejections.ts';

const never = () => new Promise<never>(() => {});
const reasons: readonly unknown[] = ['stop', '', 0, null, false, { code: 1 }, Object.freeze(new Error('stop'))];

describe('the abort of the caller', () => {
  it('S-43 50 times in a row leaves the circuit closed with no failures', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 2 });
    for (let round = 0; round < 50; round++) {
      const controller = new AbortController();
      const call = reasonOf(breaker.run(never, { signal: controller.signal }));
      controller.abort();
      expect(await call).toBe(controller.signal.reason);
    }
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 50, consecutiveFailures: 0 });
  });

  it.each(reasons)(
    'S-43 rejects at once with the reason as it is, also where fn ignores its signal: %s',
    async (reason) => {
      const { breaker } = createTimedBreaker({ failureThreshold: 1 });
      const controller = new AbortController();
      let outcome: unknown = 'pending';
      breaker.run(never, { signal: controller.signal }).catch((error: unknown) => {
        outcome = error;
      });
      controller.abort(reason);
      await Promise.resolve();
      expect(outcome).toBe(reason);
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 1, inFlight: 0 });
    },
  );

  it('S-43 is passed on to the signal that fn was given, with its reason', async () => {
    const { breaker } = createTimedBreaker();
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const call = reasonOf(
      breaker.run(
        ({ signal }) => {
          given = signal;
          return never();
        },
        { signal: controller.signal },
      ),
    );
    expect(given?.aborted).toBe(false);
    controller.abort('stop');
    await call;
    expect(given?.reason).toBe('stop');
  });

  it('S-43 as a trial gives the slot back and neither closes nor re-opens', async () => {
    const { breaker } = createDueBreaker();
    for (let round = 0; round < 50; round++) {
      const controller = new AbortController();
      const call = reasonOf(breaker.run(never, { signal: controller.signal }));
      controller.abort('stop');
      await call;
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0 });
    }
    expect(await breaker.call(() => 'well')).toBe('well');
  });

  it('S-43 is neutral when fn throws because of it, at once or later', async () => {
    for (const fail of [
      (signal: AbortSignal) => signal.throwIfAborted(),
      (signal: AbortSignal) => Promise.reject(signal.reason),
      () => {
        throw new Error('an SDK throws an error of its own');
      },
      () => Promise.reject(new Error('an SDK rejects with an error of its own')),
    ]) {
      const { breaker } = createTimedBreaker({ failureThreshold: 1 });
      const controller = new AbortController();
      const fn = ({ signal }: { signal: AbortSignal }) => {
        controller.abort('stop');
        return fail(signal);
      };
      expect(await reasonOf(breaker.run(fn, { signal: controller.signal }))).toBe('stop');
      expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 1, ignored: 0 });
    }
  });

  it('S-43 is neutral also where predicate and failureResult would call everything a failure', async () => {
    const always = () => true;
    const { breaker } = createTimedBreaker({ failureThreshold: 1, failurePredicate: always, failureResult: always });
    const controller = new AbortController();
    const call = reasonOf(breaker.run(never, { signal: controller.signal }));
    controller.abort(new Error('stop'));
    await call;
    expect(breaker.metrics()).toMatchObject({ state: 'closed', cancelled: 1 });
  });

  it('S-43 is told by the signal alone: an error that looks like an abort counts', async () => {
    for (const error of [
      new DOMException('aborted', 'AbortError'),
      Object.assign(new Error(), { name: 'AbortError' }),
    ]) {
      const { breaker } = createTimedBreaker({ failureThreshold: 1 });
      const { signal } = new AbortController();
      expect(await reasonOf(breaker.run(() => Promise.reject(error), { signal }))).toBe(error);
      expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1, cancelled: 0 });
    }
  });

  it('S-43 after the call has settled changes nothing', async () => {
    const { breaker } = createTimedBreaker();
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const fn = ({ signal }: { signal: AbortSignal }) => {
      given = signal;
      return 'well';
    };
    expect(await breaker.run(fn, { signal: controller.signal })).toBe('well');
    controller.abort('stop');
    await flushMicrotasks();
    expect(breaker.metrics()).toMatchObject({ successes: 1, cancelled: 0, inFlight: 0 });
    expect(given?.aborted).toBe(false);
  });

  it('S-43 drops the late result: it is neither success nor failure', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const answers = [createDeferred<string>(), createDeferred<string>()];
    const controller = new AbortController();
    const calls = answers.map(({ promise }) => reasonOf(breaker.run(() => promise, { signal: controller.signal })));
    controller.abort('stop');
    answers[0]?.resolve('late');
    answers[1]?.reject(new Error('late'));
    expect(await Promise.all(calls)).toEqual(['stop', 'stop']);
    await flushMicrotasks();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 0, failures: 0, cancelled: 2 });
  });

  it('S-43 between admission and call: fn is not called and the slot comes back', async () => {
    const controller = new AbortController();
    let runs = 0;
    const { breaker } = createDueBreaker({ onHalfOpen: () => controller.abort('stop') });
    expect(await reasonOf(breaker.run(() => runs++, { signal: controller.signal }))).toBe('stop');
    expect(runs).toBe(0);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, failures: 0, inFlight: 0 });
    expect(await breaker.call(() => 'well')).toBe('well');
  });

  it('S-43 with a reason that cannot be read still settles the call and gives the slot back', async () => {
    const reason = {
      get name(): string {
        throw new Error('unreadable');
      },
    };
    const { breaker } = createDueBreaker();
    const controller = new AbortController();
    let outcome: unknown = 'pending';
    breaker.run(never, { signal: controller.signal }).catch((error: unknown) => {
      outcome = error;
    });
    expect(await uncaughtExceptionsOf(() => controller.abort(reason))).toEqual([]);
    expect(outcome).toBe(reason);
    expect(breaker.metrics()).toMatchObject({ trials: 0, inFlight: 0 });
  });
});

describe('an already aborted signal', () => {
  it.each(reasons)('S-45 rejects with its reason, calls nothing and counts nothing: %s', async (reason) => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    let runs = 0;
    const signal = AbortSignal.abort(reason);
    expect(await reasonOf(breaker.run(() => runs++, { signal, timeout: 10 }))).toBe(reason);
    expect(runs).toBe(0);
    expect(breaker.metrics()).toMatchObject({ calls: 0, cancelled: 0, failures: 0, rejected: 0 });
  });

  it('S-45 also where its reason is a deadline', async () => {
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 1 });
    const signal = AbortSignal.abort(new DOMException('too slow', 'TimeoutError'));
    await reasonOf(breaker.run(() => 'never', { signal }));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', calls: 0, timeouts: 0, failures: 0 });
  });

  it('S-45 uses no slot, starts no trial and is no rejection', async () => {
    const { breaker } = createDueBreaker({ fallback: () => 'fallback' });
    const before = breaker.metrics();
    expect(await reasonOf(breaker.run(() => 'never', { signal: AbortSignal.abort('stop') }))).toBe('stop');
    expect(breaker.metrics()).toEqual(before);
    breaker.isolate();
    expect(await reasonOf(breaker.run(() => 'never', { signal: AbortSignal.abort('stop') }))).toBe('stop');
    expect(breaker.metrics().rejected).toBe(0);
  });
});
