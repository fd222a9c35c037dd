import { attachBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createRoot } from '../attached/homes.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';

/** Tells whether a promise has settled by now. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await flushMicrotasks();
  return isSettled;
}

describe('idle()', () => {
  it('settles at once where nothing is under way, and where the breaker is stopped', async () => {
    const { breaker } = createTimedBreaker();
    expect(await hasSettled(breaker.idle())).toBe(true);
    breaker.acquire();
    breaker.stop();
    expect(await hasSettled(breaker.idle())).toBe(true);
  });

  it('waits for calls, permits and streams, however they end', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 9 });
    const answer = createDeferred<string>();
    const call = breaker.call(() => answer.promise).catch(() => {});
    const permit = breaker.acquire();
    const item = createDeferred<string>();
    const stream = breaker.stream(async function* () {
      yield 'first';
      yield await item.promise;
    });
    await stream.next();
    const [idle, again] = [breaker.idle(), breaker.idle()];
    answer.reject(new Error('down'));
    await call;
    expect(await hasSettled(idle)).toBe(false);
    permit.cancel();
    expect(await hasSettled(idle)).toBe(false);
    item.resolve('last');
    while (!(await stream.next()).done);
    expect([await hasSettled(idle), await hasSettled(again)]).toEqual([true, true]);
  });

  it('waits for what is let through while the breaker is disabled', async () => {
    const { breaker } = createTimedBreaker();
    breaker.disable();
    const answer = createDeferred<string>();
    const call = breaker.call(() => answer.promise);
    const idle = breaker.idle();
    expect(await hasSettled(idle)).toBe(false);
    breaker.enable();
    answer.resolve('well');
    await call;
    expect(await hasSettled(idle)).toBe(true);
  });

  it('settles the first time that nothing is under way, also inside a listener, and for those who wait for stop()', async () => {
    const { breaker } = createTimedBreaker();
    const first = breaker.acquire();
    const idle = breaker.idle();
    first.succeed();
    const second = breaker.acquire();
    expect(await hasSettled(idle)).toBe(true);
    const later = breaker.idle();
    expect(await hasSettled(later)).toBe(false);
    breaker.stop();
    expect(await hasSettled(later)).toBe(true);
    second.succeed();
  });

  it('S-72 settles at once where the actor of somebody else has been stopped', async () => {
    const home = createRoot();
    const breaker = attachBreaker(home.actor);
    breaker.acquire();
    home.stop();
    expect(await hasSettled(breaker.idle())).toBe(true);
  });

  it('S-72 settles when the actor of somebody else is stopped', async () => {
    const home = createRoot();
    const breaker = attachBreaker(home.actor);
    breaker.acquire();
    const idle = breaker.idle();
    expect(await hasSettled(idle)).toBe(false);
    home.stop();
    expect(await hasSettled(idle)).toBe(true);
  });

  it('of a registry waits for all its breakers', async () => {
    const registry = createBreakerRegistry({ clock: createTestClock() });
    const [one, other] = [registry.get('one').acquire(), registry.get('other').acquire()];
    const idle = registry.idle();
    one.succeed();
    expect(await hasSettled(idle)).toBe(false);
    other.succeed();
    expect(await hasSettled(idle)).toBe(true);
    expect(await hasSettled(createBreakerRegistry().idle())).toBe(true);
    registry.stop();
    expect(await hasSettled(registry.idle())).toBe(true);
  });
});
