import { attachBreaker, createBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

const failing = () => {
  throw new Error('down');
};

describe('calls made by a subscriber of the actor, in the middle of its transitions', () => {
  it('S-52 end, and leave no slot taken, where one is made at every snapshot', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ failureThreshold: 1, recoveryTimeout: 100, clock });
    let notifications = 0;
    breaker.actor.subscribe((snapshot) => {
      if (notifications++ < 1000 && snapshot.matches('halfOpen')) void breaker.call(() => 'probe').catch(() => {});
    });
    breaker.trip();
    clock.advance(100);
    await flushMicrotasks();
    expect(notifications).toBeLessThan(20);
    expect(breaker.metrics()).toMatchObject({ inFlight: 0, trials: 0 });
    expect(await breaker.call(() => 'trial')).toBe('trial');
    expect(breaker.state).toBe('closed');
  });

  it('S-03 are accounted as failures where they fail', () => {
    const breaker = createBreaker({ failureThreshold: 3, clock: createTestClock() });
    let isFirst = true;
    breaker.actor.subscribe(() => {
      if (!isFirst) return;
      isFirst = false;
      expect(() => breaker.callSync(failing)).toThrow('down');
    });
    expect(() => breaker.callSync(failing)).toThrow('down');
    expect(breaker.metrics()).toMatchObject({ failures: 2, ignored: 0, consecutiveFailures: 2 });
  });

  it('S-60 free only their own hold: a handle taken there is void after reset()', async () => {
    const breaker = createBreaker({ clock: createTestClock() });
    const taken: Disposable[] = [];
    breaker.actor.on('breaker.opened', () => taken.push(breaker.isolate()));
    breaker.trip();
    await flushMicrotasks();
    expect(breaker.state).toBe('isolated');
    breaker.reset();
    breaker.isolate();
    taken[0]?.[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
  });

  it('S-60 free one hold where a handle is disposed while it is being disposed', () => {
    const breaker = createBreaker({ clock: createTestClock() });
    const first = breaker.isolate();
    breaker.isolate();
    breaker.actor.subscribe(() => first[Symbol.dispose]());
    first[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
  });
});

describe('attachBreaker', () => {
  it('wants an actor of a breaker machine', () => {
    const other: unknown = { getSnapshot: () => ({ context: {} }) };
    expect(() => Reflect.apply(attachBreaker, undefined, [other])).toThrow(TypeError);
    expect(() => Reflect.apply(attachBreaker, undefined, [undefined])).toThrow('circuitBreakerMachine');
  });

  it('S-72 rejects with reason stopped once the actor is stopped, and never stops it itself', async () => {
    const actor = createActor(createBreakerMachine(), { clock: createTestClock() }).start();
    const [first, second] = [attachBreaker(actor), attachBreaker(actor)];
    first.stop();
    expect(actor.getSnapshot().status).toBe('active');
    expect(await second.call(() => 'called')).toBe('called');
    actor.stop();
    expect(second.state).toBe('stopped');
    await expect(second.call(() => 'called')).rejects.toMatchObject({ reason: 'stopped', retryAfterMs: null });
  });
});
