import { type CircuitBreaker, CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks } from '../../support/calls.ts';
import {
  createDueBreaker,
  createTimedBreaker,
  recoveryTimeout,
  type TimedBreaker,
} from '../half-open/half-open-breaker.ts';
import { caught } from '../half-open/ways-out.ts';
import { createHookedBreaker } from './hooked-breaker.ts';

const hooks = [
  'onStateChange',
  'onHalfOpen',
  'onReject',
  'onCallbackError',
  'a listener of every event',
  'fallback',
  'inspect',
];

describe('calls made inside callbacks while the circuit is due', () => {
  it.each(hooks)('S-52 exactly one trial is admitted: %s', async (hook) => {
    const answer = createDeferred<string>();
    let runs = 0;
    const trial = () => {
      runs++;
      return answer.promise;
    };
    const start = (breaker: CircuitBreaker) => {
      void breaker.call(trial).catch(() => {});
      void breaker.run(trial).catch(() => {});
      breaker.tryAcquire()?.cancel();
    };
    let uses = 0;
    let isDue = false;
    const { breaker, clock } = createHookedBreaker(hook, (timed) => {
      if (isDue && uses++ < 50) start(timed.breaker);
    });
    breaker.trip();
    clock.jump(recoveryTimeout);
    isDue = true;
    for (let round = 0; round < 20; round++) start(breaker);
    await flushMicrotasks();

    expect(uses).toBeGreaterThan(0);
    expect(runs).toBe(1);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, inFlight: 1 });
  });

  it('S-52 the call that finds the time due is the trial; one made inside onHalfOpen is rejected', async () => {
    const results: unknown[] = [];
    const { breaker }: TimedBreaker = createDueBreaker({
      onHalfOpen: () => void results.push(caught(() => breaker.callSync(() => 'inner'))),
    });
    expect(await breaker.call(() => 'outer')).toBe('outer');
    expect(results).toEqual([expect.any(CircuitBreakerOpenError)]);
    expect(results[0]).toMatchObject({ reason: 'halfOpen' });
    expect(breaker.state).toBe('closed');
  });

  it('S-52 a call made inside onHalfOpen is the trial where a timer or a reading ends the wait', async () => {
    for (const passes of ['advance', 'jump'] as const) {
      const results: string[] = [];
      const { breaker, clock }: TimedBreaker = createTimedBreaker({
        onHalfOpen: () => void results.push(breaker.callSync(() => 'trial')),
      });
      breaker.trip();
      clock[passes](recoveryTimeout);
      void breaker.state;
      await Promise.resolve();
      expect(results).toEqual(['trial']);
      expect(breaker.state).toBe('closed');
    }
  });
});

describe('answers inside callbacks', () => {
  it('S-52 inside onOpen the state is open, a call is rejected by it, and a command has effect on the next line', async () => {
    const seen: unknown[] = [];
    const { breaker }: TimedBreaker = createTimedBreaker({
      failureThreshold: 1,
      onOpen: () => {
        seen.push(
          breaker.state,
          breaker.metrics().state,
          caught(() => breaker.callSync(() => 'never')),
        );
        breaker.reset();
        seen.push(
          breaker.state,
          breaker.callSync(() => 'called'),
        );
        const hold = breaker.isolate();
        seen.push(breaker.state);
        hold[Symbol.dispose]();
        seen.push(breaker.state);
      },
    });
    await breaker.call(() => Promise.reject(new Error('down'))).catch(() => {});
    expect(seen).toEqual(['open', 'open', expect.any(Error), 'closed', 'called', 'isolated', 'closed']);
    expect(seen[2]).toMatchObject({ reason: 'open', retryAfterMs: recoveryTimeout });
  });

  it('S-52 the counts inside onSuccess and onFailure hold the call that they are about', async () => {
    const seen: unknown[] = [];
    const look = () => {
      const { successes, failures, consecutiveFailures, inFlight } = breaker.metrics();
      seen.push([successes, failures, consecutiveFailures, inFlight]);
    };
    const { breaker } = createTimedBreaker({ onSuccess: look, onFailure: look });
    await breaker.call(() => 'well');
    await breaker.call(() => Promise.reject(new Error('down'))).catch(() => {});
    expect(seen).toEqual([
      [1, 0, 0, 0],
      [1, 1, 1, 0],
    ]);
  });

  it('S-52 a call is rejected for the state it was judged by, though a callback has changed it since', async () => {
    const { breaker }: TimedBreaker = createTimedBreaker({ onOpen: () => breaker.reset() });
    breaker.actor.send({ type: 'breaker.trip' });
    const outcome = await breaker.call(() => 'called').catch((error: unknown) => error);
    if (outcome !== 'called') expect(outcome).toMatchObject({ reason: 'open', retryAfterMs: recoveryTimeout });
    expect(breaker.state).toBe('closed');
  });

  it('S-52 a handle given inside a callback, or while one undid the isolation, frees no other hold', () => {
    let isFirst = true;
    const { breaker }: TimedBreaker = createTimedBreaker({
      onStateChange: (_from, to) => {
        if (to === 'isolated' && isFirst) breaker.reset();
        isFirst = false;
      },
    });
    const undone = breaker.isolate();
    expect(breaker.state).toBe('closed');
    const hold = breaker.isolate();
    undone[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
    hold[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
  });

  it('S-52 a handle frees no hold that a callback took after it undid the isolation', () => {
    const inner: Disposable[] = [];
    const { breaker }: TimedBreaker = createTimedBreaker({
      onStateChange: (_from, to) => {
        if (to !== 'isolated' || inner.length > 0) return;
        breaker.reset();
        inner.push(breaker.isolate());
      },
    });
    breaker.isolate()[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
    inner[0]?.[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
  });
});
