import { type CircuitBreaker, CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';
import { caught } from '../half-open/ways-out.ts';
import { everyCallback, listenToAll } from '../user-code/all-callbacks.ts';
import { createBreakerIn, failTimes, states } from './every-state.ts';

const never = () => new Promise<never>(() => {});

describe('stop()', () => {
  it.each(states)('S-62 rejects every way of calling with reason stopped, from %s', async (state) => {
    const { breaker } = createBreakerIn(state);
    breaker.stop();
    let runs = 0;
    const fn = () => runs++;
    const rejections = [
      await reasonOf(breaker.call(fn)),
      await reasonOf(breaker.run(fn)),
      await reasonOf(breaker.wrap(fn)()),
      caught(() => breaker.callSync(fn)),
      caught(() => breaker.acquire()),
    ];
    for (const rejection of rejections) {
      expect(rejection).toBeInstanceOf(CircuitBreakerOpenError);
      expect(rejection).toMatchObject({ reason: 'stopped', retryAfterMs: null });
      expect(rejection).not.toHaveProperty('cause');
    }
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(runs).toBe(0);
    expect(breaker.state).toBe('stopped');
    expect(breaker.metrics()).toMatchObject({ state: 'stopped', rejected: 6, retryAfterMs: null });
  });

  it.each(states)('S-62 leaves no timer and runs no callback afterwards, from %s', async (state) => {
    const heard: string[] = [];
    const { breaker, clock } = createBreakerIn(state, {
      trialTimeout: 10,
      ...everyCallback((name) => heard.push(name)),
    });
    listenToAll(breaker, (name) => heard.push(name));
    const permit = breaker.tryAcquire();
    await flushMicrotasks();
    heard.length = 0;
    breaker.stop();

    expect(clock.pendingTimers).toBe(0);
    clock.advance(10 * recoveryTimeout);
    permit?.fail();
    breaker.tryAcquire();
    breaker.reset();
    await flushMicrotasks();
    expect(heard).toEqual([]);
  });

  it.each(['onOpen', 'onStateChange'] as const)('S-62 leaves no timer where it is called inside %s', (hook) => {
    let started: CircuitBreaker | undefined;
    const { breaker, clock } = createTimedBreaker({ [hook]: () => started?.stop() });
    started = breaker;
    breaker.trip();
    expect(breaker.state).toBe('stopped');
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-62 leaves no timer where an inspector calls it in the middle of a transition', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (let eventsBefore = 0; eventsBefore < 12; eventsBefore++) {
      let events = 0;
      let started: CircuitBreaker | undefined;
      const inspect = () => {
        if (started && events++ === eventsBefore) started.stop();
      };
      const { breaker, clock } = createTimedBreaker({ inspect });
      started = breaker;
      breaker.trip();
      breaker.stop();
      expect(breaker.state).toBe('stopped');
      expect(clock.pendingTimers).toBe(0);
    }
    vi.restoreAllMocks();
  });

  it('S-62 tells no listener that comes after the one that stopped', () => {
    const heard: string[] = [];
    const { breaker }: TimedBreaker = createTimedBreaker({ onStateChange: () => breaker.stop() });
    breaker.on('open', () => heard.push('open'));
    breaker.trip();
    expect(heard).toEqual([]);
  });

  it('S-62 tells no other listener of the event in which it was called', () => {
    const heard: string[] = [];
    const { breaker }: TimedBreaker = createTimedBreaker({ onOpen: () => breaker.stop() });
    breaker.on('open', () => heard.push(breaker.state));
    breaker.trip();
    expect(heard).toEqual([]);
  });

  it('S-62 is idempotent, by any name', () => {
    const { breaker } = createBreakerIn('open');
    breaker.stop();
    const before = breaker.metrics();
    breaker.stop();
    breaker[Symbol.dispose]();
    breaker.stop();
    expect(breaker.metrics()).toEqual(before);
  });

  it('S-62 stops the actor of the breaker, and tells whoever subscribes to it', () => {
    const { breaker } = createTimedBreaker();
    let isComplete = false;
    breaker.actor.subscribe({
      complete: () => {
        isComplete = true;
      },
    });
    breaker.stop();
    expect(breaker.actor.getSnapshot().status).toBe('stopped');
    expect(isComplete).toBe(true);
  });
});

describe('calls under way when stop() comes', () => {
  it('S-62 end for their callers as if nothing had happened, and are accounted', async () => {
    const { breaker } = createTimedBreaker();
    const answers = [createDeferred<string>(), createDeferred<string>()];
    const calls = answers.map(({ promise }) => breaker.call(() => promise));
    const permit = breaker.acquire();
    breaker.stop();
    const error = new Error('down');
    answers[0]?.resolve('well');
    answers[1]?.reject(error);
    permit.cancel();
    expect(await Promise.allSettled(calls)).toEqual([
      { status: 'fulfilled', value: 'well' },
      { status: 'rejected', reason: error },
    ]);
    expect(breaker.metrics()).toMatchObject({ calls: 3, successes: 1, failures: 1, cancelled: 1, inFlight: 0 });
  });

  it.each(['held back', 'sent at once'])('S-62 are accounted for what they are: outcomes %s', (mode) => {
    const { breaker } = createTimedBreaker();
    if (mode === 'sent at once') breaker.actor.getSnapshot();
    const permits = [breaker.acquire(), breaker.acquire(), breaker.acquire()];
    breaker.stop();
    permits[0]?.fail(new Error('down'));
    permits[1]?.succeed();
    permits[2]?.ignore();
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 1, ignored: 1, inFlight: 0 });
  });

  it('S-62 can still be aborted by their callers', async () => {
    const { breaker } = createTimedBreaker();
    const controller = new AbortController();
    const call = reasonOf(breaker.run(never, { signal: controller.signal }));
    breaker.stop();
    controller.abort('stop');
    expect(await call).toBe('stop');
  });

  it('S-62 as trials change nothing any more', () => {
    const { breaker } = createBreakerIn('halfOpen');
    const trial = breaker.acquire();
    breaker.stop();
    trial.succeed();
    expect(breaker.state).toBe('stopped');
    expect(breaker.metrics().inFlight).toBe(0);
  });

  it.each(['held back', 'sent at once'])(
    'S-62 what was counted before can still be read: outcomes %s',
    async (mode) => {
      const { breaker } = createTimedBreaker();
      if (mode === 'sent at once') breaker.actor.getSnapshot();
      await breaker.call(() => 'well');
      await failTimes(breaker, 2);
      const before = breaker.metrics();
      breaker.stop();
      expect(breaker.metrics()).toEqual({ ...before, state: 'stopped' });
      expect(breaker.actor.getSnapshot().context.consecutiveFailures).toBe(2);
    },
  );
});
