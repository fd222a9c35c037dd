import { attachBreaker, createBreaker, createBreakerMachine, SlowCallError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

class Excluded extends Error {}

const judgement = { slowCallThreshold: 100, failureThreshold: 1, excludedErrors: [Excluded] } as const;

/** Breakers whose machine is given functions to judge with. */
const judges = [
  {
    name: 'a breaker by itself',
    create: (onFailure: () => void, clock = createTestClock()) => createBreaker({ ...judgement, clock, onFailure }),
  },
  {
    name: 'a breaker attached to an actor',
    create: (onFailure: () => void, clock = createTestClock()) =>
      attachBreaker(createActor(createBreakerMachine(judgement), { clock }).start(), { onFailure }),
  },
];

describe.each(judges)('$name', ({ create }) => {
  it('S-37 is not opened by a call that fails slowly with an error that does not count', () => {
    const clock = createTestClock();
    const onFailure = vi.fn();
    const breaker = create(onFailure, clock);
    const permit = breaker.acquire();
    clock.jump(5000);
    permit.fail(new Excluded());
    expect(onFailure).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1, failures: 0, slow: 0, slowRate: 0 });
  });

  it('S-37 is opened by a slow success: there is no error to exclude', () => {
    const clock = createTestClock();
    const onFailure = vi.fn();
    const breaker = create(onFailure, clock);
    const permit = breaker.acquire();
    clock.jump(100.001);
    permit.succeed();
    expect(onFailure).toHaveBeenCalledWith(expect.any(SlowCallError), expect.objectContaining({ type: 'call.failed' }));
    expect(breaker.state).toBe('open');
  });
});

describe('a slow call', () => {
  it('S-37 is judged by an attached breaker as the input of its actor says', async () => {
    const clock = createTestClock();
    const machine = createBreakerMachine({ slowCallThreshold: 100 });
    const actor = createActor(machine, { clock, input: { slowCallThreshold: 50, failureThreshold: 1 } }).start();
    const breaker = attachBreaker(actor);
    expect(await breaker.call(async () => clock.jump(50))).toBeUndefined();
    expect(breaker.state).toBe('closed');
    await breaker.call(async () => clock.jump(51));
    expect(breaker.state).toBe('open');
    expect(actor.getSnapshot().value).toBe('open');
  });

  it('S-37 whose result fails failureResult counts once, with its result', async () => {
    const clock = createTestClock();
    const onFailure = vi.fn();
    const failureResult = (result: unknown) => result === 'refused';
    const breaker = createBreaker({ slowCallThreshold: 100, clock, onFailure, failureResult });
    expect(
      await breaker.call(() => {
        clock.jump(101);
        return 'refused';
      }),
    ).toBe('refused');
    expect(onFailure.mock.calls).toEqual([['refused', expect.anything()]]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, slow: 1, slowRate: 1 });
  });

  it('S-75 is told of in a message without its result', async () => {
    const clock = createTestClock();
    const onFailure = vi.fn();
    const breaker = createBreaker({ name: 'model', slowCallThreshold: 100, clock, onFailure });
    await breaker.call(async () => {
      clock.jump(250.4);
      return 'sk-secret';
    });
    const [error] = onFailure.mock.calls[0] ?? [];
    expect(SlowCallError.isInstance(error)).toBe(true);
    expect(SlowCallError.isInstance(new Error('slow'))).toBe(false);
    expect(String(error)).toMatch(/"model" took 250 ms, .+ 100 ms/);
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('sk-secret');
  });

  it('is no failure where no threshold is set', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1 });
    await breaker.call(async () => clock.jump(86_400_000));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 1, slow: 0 });
  });
});
