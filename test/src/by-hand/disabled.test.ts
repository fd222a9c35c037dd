import { describe, expect, it } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { caught, throwing } from '../half-open/ways-out.ts';
import { everyCallback } from '../user-code/all-callbacks.ts';
import { createBreakerIn, failTimes, states } from './every-state.ts';

describe('a disabled breaker', () => {
  it.each(states)('S-61 lets all pass, whatever it was before: %s', async (state) => {
    const { breaker, clock } = createBreakerIn(state, { failureThreshold: 1 });
    breaker.disable();
    const error = new Error('down');
    for (let round = 0; round < 20; round++) {
      expect(await reasonOf(breaker.call(() => Promise.reject(error)))).toBe(error);
      expect(caught(() => breaker.callSync(throwing(error)))).toBe(error);
      breaker.acquire().fail(error);
      clock.jump(recoveryTimeout);
      expect(breaker.state).toBe('disabled');
    }
    expect(await breaker.run(() => 'well')).toBe('well');
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['held back', 'sent at once'])('S-61 counts nothing: outcomes %s', async (mode) => {
    const { breaker } = createTimedBreaker();
    if (mode === 'sent at once') breaker.actor.getSnapshot();
    breaker.disable();
    const before = breaker.metrics();
    await breaker.call(() => 'well');
    await failTimes(breaker, 3);
    breaker.acquire().ignore();
    breaker.acquire().cancel();
    breaker.acquire()[Symbol.dispose]();
    const controller = new AbortController();
    const aborted = reasonOf(breaker.run(() => new Promise(() => {}), { signal: controller.signal }));
    controller.abort();
    await aborted;
    expect(breaker.metrics()).toEqual(before);
  });

  it('S-61 emits nothing but the change', async () => {
    const heard: unknown[] = [];
    const emitted: string[] = [];
    const { breaker, clock } = createTimedBreaker({
      failureThreshold: 1,
      ...everyCallback((name, [from, to]) => heard.push(name === 'onStateChange' ? `${from} -> ${to}` : name)),
    });
    breaker.actor.on('*', ({ type }) => emitted.push(type));
    breaker.disable();
    await failTimes(breaker, 3);
    await breaker.call(() => 'well');
    clock.advance(recoveryTimeout);
    expect(heard).toEqual(['closed -> disabled']);
    expect(emitted).toEqual(['breaker.stateChanged', 'breaker.disabled']);
    breaker.enable();
    expect(heard).toEqual(['closed -> disabled', 'disabled -> closed', 'onClose']);
  });

  it('S-61 asks no judge', async () => {
    let asked = 0;
    const ask = () => asked++ > 0;
    const { breaker } = createTimedBreaker({ failurePredicate: ask, failureResult: ask });
    breaker.disable();
    await failTimes(breaker, 1);
    await breaker.call(() => 'well');
    expect(asked).toBe(0);
  });

  it('S-61 does not count a call after enable() that was let through before it', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    breaker.disable();
    const answer = createDeferred<string>();
    const call = reasonOf(breaker.call(() => answer.promise));
    breaker.enable();
    answer.reject(new Error('late'));
    await call;
    expect(breaker.metrics()).toMatchObject({ state: 'closed', calls: 0, failures: 0, consecutiveFailures: 0 });
  });

  it('S-61 accounts a call that was let through before it, and lets it change nothing', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const answer = createDeferred<string>();
    const call = reasonOf(breaker.call(() => answer.promise));
    breaker.disable();
    answer.reject(new Error('late'));
    await call;
    expect(breaker.metrics()).toMatchObject({ state: 'disabled', calls: 1, inFlight: 0 });
  });

  it('S-61 keeps deadlines and aborts: they belong to the call, not to the counts', async () => {
    const { breaker, clock } = createTimedBreaker({ timeout: 10 });
    breaker.disable();
    const call = reasonOf(breaker.run(() => new Promise(() => {})));
    clock.advance(10);
    expect(await call).toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
    expect(breaker.metrics()).toMatchObject({ timeouts: 0, failures: 0 });
  });
});
