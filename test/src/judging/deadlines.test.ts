import { CallTimeoutError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createDueBreaker, createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { unhandledRejectionsOf } from './unhandled-rejections.ts';

const never = () => new Promise<never>(() => {});

describe('a deadline', () => {
  it('S-44 of our own counts as a failure, at its exact instant', async () => {
    const { breaker, clock } = createTimedBreaker({ name: 'model', failureThreshold: 1, timeout: 100 });
    const call = reasonOf(breaker.run(never));
    clock.advance(99);
    await flushMicrotasks();
    expect(breaker.metrics()).toMatchObject({ inFlight: 1, failures: 0 });
    clock.advance(1);
    const error = await call;
    expect(error).toBeInstanceOf(CallTimeoutError);
    expect(error).toMatchObject({ breaker: 'model', timeoutMs: 100, code: 'ERR_CALL_TIMEOUT' });
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1, timeouts: 1, cancelled: 0, inFlight: 0 });
  });

  it('S-44 of one run takes the place of that of the breaker', async () => {
    const { breaker, clock } = createTimedBreaker({ timeout: 100 });
    const call = reasonOf(breaker.run(never, { timeout: 20 }));
    clock.advance(20);
    expect(await call).toMatchObject({ timeoutMs: 20 });
  });

  it('S-44 aborts the signal of its call with the error that the caller gets', async () => {
    const { breaker, clock } = createTimedBreaker();
    let given: AbortSignal | undefined;
    const call = reasonOf(
      breaker.run(
        ({ signal }) => {
          given = signal;
          return never();
        },
        { timeout: 10 },
      ),
    );
    clock.advance(10);
    expect(given?.reason).toBe(await call);
  });

  it("S-44 of the caller's AbortSignal.timeout() counts as a failure, with its reason", async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    const call = reasonOf(breaker.run(never, { signal: controller.signal }));
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1, timeouts: 1, cancelled: 0 });
    expect(breaker.metrics().lastFailure).toMatchObject({ name: 'TimeoutError' });
  });

  it('S-44 of a real AbortSignal.timeout() counts, alone and inside AbortSignal.any()', async () => {
    const breaker = createBreaker({ failureThreshold: 2 });
    const error = await reasonOf(breaker.run(never, { signal: AbortSignal.timeout(1) }));
    expect(error).toMatchObject({ name: 'TimeoutError' });
    const signal = AbortSignal.any([new AbortController().signal, AbortSignal.timeout(1)]);
    await reasonOf(breaker.run(never, { signal }));
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 2, cancelled: 0 });
    breaker.stop();
  });

  it('S-44 counts where fn throws another error at its abort', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const controller = new AbortController();
    const reason = new DOMException('too slow', 'TimeoutError');
    const fn = () => {
      controller.abort(reason);
      throw new DOMException('aborted', 'AbortError');
    };
    expect(await reasonOf(breaker.run(fn, { signal: controller.signal }))).toBe(reason);
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1, timeouts: 1 });
  });

  it.each(['ours', "the caller's own"])('S-44 as a trial re-opens the circuit: %s', async (whose) => {
    const { breaker, clock } = createDueBreaker({ trialTimeout: 500 });
    const controller = new AbortController();
    const call = reasonOf(breaker.run(never, { signal: controller.signal, timeout: 50 }));
    if (whose === 'ours') clock.advance(50);
    else controller.abort(new DOMException('too slow', 'TimeoutError'));
    await call;
    expect(breaker.metrics()).toMatchObject({ state: 'open', trials: 0, failures: 1 });
  });

  it('S-44 that comes after the abort of the caller, or before it, does not count a second time', async () => {
    const { breaker, clock } = createTimedBreaker();
    const first = new AbortController();
    const aborted = reasonOf(breaker.run(never, { signal: first.signal, timeout: 10 }));
    first.abort('stop');
    clock.advance(10);
    const second = new AbortController();
    const missed = reasonOf(breaker.run(never, { signal: second.signal, timeout: 10 }));
    clock.advance(10);
    second.abort('stop');
    expect(await aborted).toBe('stop');
    expect(await missed).toBeInstanceOf(CallTimeoutError);
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, failures: 1, timeouts: 1, inFlight: 0 });
  });

  it('S-44 leaves no timer of a call that has settled', async () => {
    const { breaker, clock } = createTimedBreaker({ timeout: 100 });
    await breaker.run(() => 'well');
    await reasonOf(breaker.run(() => Promise.reject(new Error('down'))));
    const controller = new AbortController();
    const call = reasonOf(breaker.run(never, { signal: controller.signal }));
    controller.abort();
    await call;
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('what comes after a timeout', () => {
  it.each(['resolves', 'rejects'] as const)('S-47 is dropped: fn %s late', async (end) => {
    const heard: string[] = [];
    const { breaker, clock } = createTimedBreaker({
      ...{ failureThreshold: 5, timeout: 10 },
      ...{ onSuccess: () => heard.push('success'), onFailure: () => heard.push('failure') },
    });
    const answer = createDeferred<string>();
    const unhandled = await unhandledRejectionsOf(async () => {
      const call = reasonOf(breaker.run(() => answer.promise));
      clock.advance(10);
      expect(await call).toBeInstanceOf(CallTimeoutError);
      if (end === 'resolves') answer.resolve('late');
      else answer.reject(new Error('late'));
    });
    expect(unhandled).toEqual([]);
    expect(heard).toEqual(['failure']);
    expect(breaker.metrics()).toMatchObject({
      calls: 1,
      successes: 0,
      failures: 1,
      consecutiveFailures: 1,
      inFlight: 0,
    });
  });

  it('S-47 is dropped also where the result would be judged, or the caller aborted', async () => {
    const judged: unknown[] = [];
    const { breaker, clock } = createTimedBreaker({ failureResult: (result) => judged.push(result) > 0, timeout: 10 });
    const controller = new AbortController();
    const answers = [createDeferred<string>(), createDeferred<string>()];
    const unhandled = await unhandledRejectionsOf(async () => {
      const late = reasonOf(breaker.run(() => answers[0]?.promise));
      clock.advance(10);
      const aborted = reasonOf(breaker.run(() => answers[1]?.promise, { signal: controller.signal }));
      controller.abort('stop');
      await Promise.all([late, aborted]);
      answers[0]?.resolve('late');
      answers[1]?.reject(new Error('late'));
    });
    expect(unhandled).toEqual([]);
    expect(judged).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, cancelled: 1, successes: 0 });
  });

  it('S-47 causes no unhandledRejection where fn rejects because its signal is aborted', async () => {
    const { breaker, clock } = createTimedBreaker({ timeout: 10 });
    const untilAborted = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const unhandled = await unhandledRejectionsOf(async () => {
      const call = reasonOf(breaker.run(untilAborted));
      clock.advance(10);
      await call;
    });
    expect(unhandled).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1 });
  });

  it('S-47 proves its means: a rejection that nobody handles is seen', async () => {
    const reason = new Error('nobody cares');
    expect(
      await unhandledRejectionsOf(() => {
        void Promise.reject(reason);
      }),
    ).toEqual([reason]);
  });
});
