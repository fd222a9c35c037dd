import {
  attachBreaker,
  type BackoffFunction,
  BreakerOptionsError,
  type CircuitBreaker,
  createBreaker,
  createBreakerMachine,
} from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { untyped } from '../user-code/untyped.ts';

const down = new Error('down');
const recoveryTimeout = 1000;

interface Owner {
  readonly name: string;
  readonly create: (
    recoveryBackoff: BackoffFunction,
    clock: TestClock,
    onCallbackError: (error: unknown, where: string) => void,
  ) => CircuitBreaker;
}

const options = { failureThreshold: 1, recoveryTimeout } as const;

/** Both ways of giving a breaker a function that tells its waits. */
const owners: readonly Owner[] = [
  {
    name: 'createBreaker',
    create: (recoveryBackoff, clock, onCallbackError) =>
      createBreaker({ ...options, recoveryBackoff, clock, onCallbackError }),
  },
  {
    name: 'attachBreaker',
    create: (recoveryBackoff, clock, onCallbackError) =>
      attachBreaker(
        createActor(createBreakerMachine({ ...options, recoveryBackoff, onCallbackError }), { clock }).start(),
      ),
  },
];

/** What a function may return or do instead of telling a wait. */
const nonsense: readonly [string, () => unknown][] = [
  ...[Number.NaN, Infinity, -Infinity, -1, 0, 0.5, 2 ** 31, '5000', null, undefined, true, {}, [1000], 1000n].map(
    (value): [string, () => unknown] => [`returns ${typeof value} ${value}`, () => value],
  ),
  ['returns a function', () => () => 5000],
  ['returns a promise', async () => 5000],
  ['returns a promise that rejects', () => Promise.reject(new Error('no backoff'))],
  [
    'throws an error',
    () => {
      throw new Error('no backoff');
    },
  ],
  [
    'throws nothing in particular',
    () => {
      throw undefined;
    },
  ],
];

describe.each(owners)('$name with a function as recoveryBackoff', ({ create }) => {
  const createOpen = (recoveryBackoff: BackoffFunction, clock = createTestClock()) => {
    const onCallbackError = vi.fn();
    const breaker = create(recoveryBackoff, clock, onCallbackError);
    return { breaker, clock, onCallbackError };
  };

  it('S-28 asks it with the number of trials that have failed, once for each opening', () => {
    const backoff = vi.fn((reopenings: number) => 1000 + 500 * reopenings);
    const { breaker, clock } = createOpen(backoff);
    for (const [reopenings, waitMs] of [1000, 1500, 2000].entries()) {
      breaker.acquire().fail(down);
      expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings, waitMs, retryAfterMs: waitMs });
      clock.jump(waitMs - 1);
      expect(breaker.state).toBe('open');
      clock.jump(1);
      expect(breaker.state).toBe('halfOpen');
    }
    expect(backoff.mock.calls).toEqual([[0], [1], [2]]);
    breaker.acquire().succeed();
    breaker.acquire().fail(down);
    expect(backoff.mock.lastCall).toEqual([0]);
    expect(breaker.metrics().waitMs).toBe(1000);
  });

  it.each([1, 1.5, 2_147_483_647])(
    'S-28 waits the %d ms that it tells, shorter or longer than recoveryTimeout',
    (ms) => {
      const { breaker, onCallbackError } = createOpen(() => ms);
      breaker.acquire().fail(down);
      expect(breaker.metrics()).toMatchObject({ waitMs: ms, retryAfterMs: ms });
      expect(onCallbackError).not.toHaveBeenCalled();
    },
  );

  it('S-28 asks it when the circuit is opened by hand, too', () => {
    const backoff = vi.fn(() => 7000);
    const { breaker } = createOpen(backoff);
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs: 7000 });
    breaker.trip();
    expect(backoff.mock.calls).toEqual([[0]]);
  });

  it.each(nonsense)('S-28 waits recoveryTimeout where it %s, and says so', async (_name, backoff) => {
    const { breaker, clock, onCallbackError } = createOpen(untyped<BackoffFunction>(backoff));
    const unhandled = await unhandledRejectionsOf(async () => {
      expect(await reasonOf(breaker.call(() => Promise.reject(down)))).toBe(down);
      await flushMicrotasks();
    });
    expect(unhandled).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs: recoveryTimeout, retryAfterMs: recoveryTimeout });
    expect(onCallbackError).toHaveBeenCalledTimes(1);
    expect(onCallbackError).toHaveBeenCalledWith(onCallbackError.mock.lastCall?.[0], 'recoveryBackoff');
    clock.jump(recoveryTimeout);
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  it('S-28 names what is wanted and what it returned', () => {
    const { breaker, onCallbackError } = createOpen(() => -5);
    breaker.acquire().fail(down);
    const [error] = onCallbackError.mock.lastCall ?? [];
    expect(error).toBeInstanceOf(BreakerOptionsError);
    expect(error).toMatchObject({ option: 'recoveryBackoff' });
    expect(String(error)).toContain('milliseconds from 1 to 2147483647, but returned -5');
  });

  it('S-50 passes on what it throws itself, each time', () => {
    const mine = new Error('no backoff');
    const { breaker, clock, onCallbackError } = createOpen(() => {
      throw mine;
    });
    for (let count = 0; count < 3; count++) {
      breaker.acquire().fail(down);
      clock.jump(recoveryTimeout);
    }
    expect(onCallbackError.mock.calls).toEqual(Array(3).fill([mine, 'recoveryBackoff']));
  });

  it('S-52 may be used for calls, readings and commands inside it, and the circuit opens all the same', async () => {
    const inner: Promise<unknown>[] = [];
    const seen: unknown[] = [];
    const { breaker, clock, onCallbackError } = createOpen(() => {
      inner.push(breaker.call(() => 'inner').catch((error: unknown) => error));
      seen.push(breaker.state, breaker.metrics().name, breaker.tryAcquire()?.settled);
      breaker.toJSON();
      return 3000;
    });
    for (let count = 0; count < 3; count++) {
      breaker.acquire().fail(down);
      expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 3000, reopenings: count });
      clock.jump(3000);
    }
    expect(breaker.state).toBe('halfOpen');
    await Promise.all(inner);
    await flushMicrotasks();
    expect(seen).toHaveLength(9);
    expect(onCallbackError).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0 });
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  it('S-52 may order the circuit to close inside it: the order is carried out once it is open', async () => {
    const states: string[] = [];
    const { breaker } = createOpen(() => {
      breaker.reset();
      return 3000;
    });
    breaker.on('stateChange', (from, to) => states.push(`${from} -> ${to}`));
    breaker.acquire().fail(down);
    await flushMicrotasks();
    expect(states).toEqual(['closed -> open', 'open -> closed']);
    expect(breaker.state).toBe('closed');
    expect(await breaker.call(() => 'answer')).toBe('answer');
  });
});

it('S-28 lets a failing function cost no call its own error', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const breaker = createBreaker({ failureThreshold: 1, recoveryBackoff: () => Number.NaN });
  expect(await reasonOf(breaker.call(() => Promise.reject(down)))).toBe(down);
  expect(console.error).toHaveBeenCalledTimes(1);
  expect(console.error).toHaveBeenCalledWith(expect.stringMatching(/recoveryBackoff threw: .+ but returned NaN/));
  vi.restoreAllMocks();
});

it('S-28 asks the function of a machine for each of its actors', () => {
  const backoff = vi.fn((reopenings: number) => 100 * (reopenings + 1));
  const machine = createBreakerMachine({ failureThreshold: 1, recoveryBackoff: backoff });
  for (const name of ['one', 'two']) {
    const actor = createActor(machine, { clock: createTestClock(), input: { name, recoveryTimeout: 5000 } }).start();
    actor.send({ type: 'call.failed' });
    expect(actor.getSnapshot().context).toMatchObject({ name, waitMs: 100 });
  }
  expect(backoff.mock.calls).toEqual([[0], [0]]);
});
