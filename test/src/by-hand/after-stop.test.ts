import { describe, expect, it } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { everyMethod } from '../user-code/every-method.ts';
import { createBreakerIn, states } from './every-state.ts';

const pairs = Object.keys(everyMethod).flatMap((method) => states.map((state) => [method, state] as const));

describe('a stopped breaker', () => {
  it.each(pairs)('S-62 is not revived by %s, from %s', async (method, state) => {
    const { breaker, clock } = createBreakerIn(state);
    breaker.stop();
    const { generation } = breaker.metrics();
    const { context } = breaker.actor.getSnapshot();

    everyMethod[method]?.use(breaker);
    clock.advance(recoveryTimeout);
    await flushMicrotasks();

    expect(breaker.state).toBe('stopped');
    expect(breaker.metrics()).toMatchObject({ generation, calls: 0, inFlight: 0 });
    expect(breaker.actor.getSnapshot()).toMatchObject({ status: 'stopped', context });
    expect(clock.pendingTimers).toBe(0);
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'stopped' });
  });

  it('S-62 is not revived by a handle or a permit from before', () => {
    const { breaker } = createTimedBreaker();
    const permit = breaker.acquire();
    const hold = breaker.isolate();
    breaker.stop();
    hold[Symbol.dispose]();
    permit.fail();
    breaker.isolate()[Symbol.dispose]();
    expect(breaker.state).toBe('stopped');
  });

  it('S-62 takes no listener: one that is added is never called', async () => {
    const heard: string[] = [];
    const { breaker } = createTimedBreaker();
    const permit = breaker.acquire();
    breaker.stop();
    const off = breaker.on('reject', () => heard.push('reject'));
    breaker.on('success', () => heard.push('success'));
    breaker.tryAcquire();
    permit.succeed();
    await flushMicrotasks();
    expect(heard).toEqual([]);
    off();
  });

  it('S-62 still falls back and still refuses what is no function', async () => {
    const { breaker } = createTimedBreaker({ fallback: ({ reason }: { reason: string }) => `fallback: ${reason}` });
    breaker.stop();
    expect(await breaker.call(() => 'never')).toBe('fallback: stopped');
    expect(breaker.callSync(() => 'never')).toBe('fallback: stopped');
    const notAFunction: unknown = 42;
    expect(await Reflect.apply(breaker.call, breaker, [notAFunction]).catch((error: unknown) => error)).toBeInstanceOf(
      TypeError,
    );
  });

  it('S-62 keeps its name', async () => {
    const { breaker } = createTimedBreaker({ name: 'model' });
    breaker.stop();
    expect(breaker.name).toBe('model');
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ breaker: 'model' });
  });
});
