import { attachBreaker, BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { listenToAll } from '../user-code/all-callbacks.ts';
import { down, expectedPlay, play } from '../user-code/play.ts';
import { untyped } from '../user-code/untyped.ts';
import { homes } from './homes.ts';

const input = { name: 'model', recoveryTimeout, failureThreshold: 2 };

describe.each(Object.entries(homes))('a facade over %s', (_title, createHome) => {
  it('S-72 behaves like a breaker of its own: the same results, states, counts and callbacks', async () => {
    const own = createTimedBreaker({ ...input });
    const { actor, clock } = createHome(input);
    const attached = { breaker: attachBreaker(actor), clock };
    const heard: [string[], string[]] = [[], []];
    listenToAll(own.breaker, (name) => heard[0].push(name));
    listenToAll(attached.breaker, (name) => heard[1].push(name));

    expect(await play(own)).toEqual(expectedPlay);
    expect(await play(attached)).toEqual(expectedPlay);

    expect(heard[1]).toEqual(heard[0]);
    expect(attached.breaker.metrics()).toEqual(own.breaker.metrics());
    expect(attached.breaker.name).toBe('model');
    expect(attached.breaker.actor).toBe(actor);
  });

  it('S-72 rejects with the cause, whoever reported the failure', async () => {
    const { actor, clock } = createHome({ ...input, failureThreshold: 1 });
    const [first, second] = [attachBreaker(actor), attachBreaker(actor)];
    await first.call(() => Promise.reject(down)).catch(() => {});
    for (const facade of [first, second])
      expect(await reasonOf(facade.call(() => 'never'))).toMatchObject({
        reason: 'open',
        cause: down,
        retryAfterMs: 1000,
      });
    clock.jump(recoveryTimeout);
    expect(await second.call(() => 'well')).toBe('well');
    expect(first.state).toBe('closed');
  });

  it('S-72 never stops it', async () => {
    const { actor } = createHome(input);
    const facade = attachBreaker(actor);
    const other = attachBreaker(actor);
    facade.stop();
    facade[Symbol.dispose]();
    expect(actor.getSnapshot().status).toBe('active');
    expect(facade.state).toBe('stopped');
    expect(await reasonOf(facade.call(() => 'never'))).toMatchObject({ reason: 'stopped' });
    facade.trip();
    expect(other.state).toBe('closed');
    expect(await other.call(() => 'well')).toBe('well');
  });

  it('S-72 leaves no timer and no listener on it when it lets go', () => {
    const { actor, clock } = createHome(input);
    const heard: string[] = [];
    const facade = attachBreaker(actor);
    listenToAll(facade, (name) => heard.push(name));
    facade.stop();
    actor.send({ type: 'breaker.trip' });
    actor.send({ type: 'breaker.reset' });
    expect(heard).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('S-72 rejects with reason stopped once its parent stops, with calls under way accounted', async () => {
    const { actor, clock, stop } = createHome(input);
    const facade = attachBreaker(actor, { fallback: ({ reason }: { reason: string }) => reason });
    const permits = [facade.acquire(), facade.acquire(), facade.acquire()];
    stop();

    expect(facade.state).toBe('stopped');
    expect(await facade.call(() => 'never')).toBe('stopped');
    expect(facade.tryAcquire()).toBeUndefined();
    permits[0]?.succeed();
    permits[1]?.fail(down);
    permits[2]?.cancel();
    facade.trip();
    facade.reset();
    facade.isolate()[Symbol.dispose]();
    expect(facade.metrics()).toMatchObject({ state: 'stopped', successes: 1, failures: 1, cancelled: 1, inFlight: 0 });
    expect(facade.metrics()).toMatchObject({ retryAfterMs: null, rejected: 2 });
    expect(clock.pendingTimers).toBe(0);
  });

  it.each(['open', 'halfOpen', 'isolated', 'disabled'] as const)(
    'S-72 stopped while %s, it is not revived',
    async (state) => {
      const { actor, clock, stop } = createHome(input);
      const facade = attachBreaker(actor);
      if (state === 'isolated') facade.isolate();
      else if (state === 'disabled') facade.disable();
      else facade.trip();
      if (state === 'halfOpen') clock.jump(recoveryTimeout);
      expect(facade.state).toBe(state);
      stop();
      clock.advance(5 * recoveryTimeout);
      facade.reset();
      expect(await reasonOf(facade.call(() => 'never'))).toMatchObject({ reason: 'stopped', retryAfterMs: null });
    },
  );

  it('S-72 tells the time by the clock of the actor', async () => {
    const { actor, clock } = createHome(input);
    const facade = attachBreaker(actor, { timeout: 10 });
    expect(facade.metrics().since).toBe(clock.now());
    const call = reasonOf(facade.run(() => new Promise(() => {})));
    clock.advance(10);
    expect(await call).toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
    facade.trip();
    clock.advance(recoveryTimeout);
    expect(actor.getSnapshot().hasTag('trial')).toBe(true);
  });

  it('S-72 hears of what others do to the actor, within a microtask', async () => {
    const { actor } = createHome(input);
    const heard: string[] = [];
    const facade = attachBreaker(actor);
    listenToAll(facade, (name) => heard.push(name));
    actor.send({ type: 'breaker.trip' });
    expect(facade.state).toBe('open');
    actor.send({ type: 'breaker.disable' });
    await flushMicrotasks();
    expect(heard).toEqual(['onStateChange', 'onOpen', 'onStateChange']);
  });
});

describe('what attachBreaker takes', () => {
  it('S-72 attaches to the actor of a breaker of one’s own, whose counts it shares', async () => {
    const { breaker, clock } = createTimedBreaker({ failureThreshold: 2 });
    await breaker.call(() => Promise.reject(down)).catch(() => {});
    const facade = attachBreaker(breaker.actor, { clock });
    await facade.call(() => Promise.reject(down)).catch(() => {});
    expect([breaker.state, facade.state]).toEqual(['open', 'open']);
    facade.stop();
    expect(breaker.state).toBe('open');
    breaker.stop();
    expect(facade.state).toBe('stopped');
  });

  it('S-72 attaches to an actor that has been stopped: everything is rejected', async () => {
    const breaker = createBreaker();
    breaker.stop();
    expect(await reasonOf(attachBreaker(breaker.actor).call(() => 'never'))).toMatchObject({ reason: 'stopped' });
  });

  it.each(['failureThreshold', 'failurePredicate', 'excludedErrors', 'recoveryTimeout', 'inspect', 'failureResult'])(
    'S-72 refuses %s, which belongs to the machine',
    (option) => {
      const values = { excludedErrors: [], failureThreshold: 1, recoveryTimeout: 1 };
      const options = { [option]: Reflect.get(values, option) ?? (() => true) };
      const { actor } = createBreaker();
      expect(() => attachBreaker(actor, untyped(options))).toThrow(BreakerOptionsError);
      expect(() => attachBreaker(actor, untyped(options))).toThrow(option);
    },
  );
});
