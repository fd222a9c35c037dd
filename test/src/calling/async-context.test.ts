import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { type BreakerOptions, createBreaker, failover } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';

const storage = new AsyncLocalStorage<string>();

type Ask = () => Promise<unknown>;

/** Ways to make a call, each told by a function of its own, which a stack has to name. */
const ways: Readonly<Record<string, (breaker: ReturnType<typeof createBreaker>, ask: Ask) => Promise<unknown>>> = {
  async call(breaker, ask) {
    return await breaker.call(ask);
  },
  async run(breaker, ask) {
    return await breaker.run(ask);
  },
  async runWithSignal(breaker, ask) {
    return await breaker.run(ask, { signal: new AbortController().signal, timeout: 60_000 });
  },
  async wrap(breaker, ask) {
    return await breaker.wrap(ask)();
  },
  async failover(breaker, ask) {
    return await failover([breaker], ask);
  },
  async stream(breaker, ask) {
    for await (const item of breaker.stream(() => itemsOf(ask))) return item;
    return undefined;
  },
  async streamWithLimits(breaker, ask) {
    const limits = { firstItemTimeout: 60_000, signal: new AbortController().signal };
    for await (const item of breaker.stream(() => itemsOf(ask), limits)) return item;
    return undefined;
  },
  async streamOfPromise(breaker, ask) {
    for await (const item of breaker.stream(async () => itemsOf((await ask()) ? ask : ask))) return item;
    return undefined;
  },
};

async function* itemsOf(ask: Ask) {
  yield await ask();
}

const names = Object.keys(ways);

async function make(name: string, ask: Ask, options: BreakerOptions = {}): Promise<unknown> {
  return await ways[name]?.(createBreaker(options), ask);
}

describe.each(names)('what is asynchronous around %s', (name) => {
  it('is the same store in fn, after it has waited, and in the callbacks', async () => {
    const seen: unknown[] = [];
    const see = () => seen.push(storage.getStore());
    const ask = async () => {
      see();
      await setImmediate();
      see();
      return storage.getStore();
    };
    const result = await storage.run('of the caller', () => make(name, ask, { onSuccess: see, onSettle: see }));
    expect(result).toBe('of the caller');
    expect(new Set(seen)).toEqual(new Set(['of the caller']));
    expect(seen.length).toBeGreaterThanOrEqual(4);
  });

  it('is the same store where the call fails, in each of several at once', async () => {
    const seen: unknown[] = [];
    const ask = async () => {
      await setImmediate();
      throw new Error('down');
    };
    const onFailure = () => seen.push(storage.getStore());
    const calls = ['first', 'second'].map((store) =>
      storage.run(store, () => reasonOf(make(name, ask, { onFailure }))),
    );
    await Promise.all(calls);
    expect(seen.sort()).toEqual(['first', 'second']);
  });

  it('is in the stack of an error that is thrown after a wait', async () => {
    const ask = async () => {
      await setImmediate();
      throw new Error('down');
    };
    const error = await reasonOf(make(name, ask));
    const stack = error instanceof Error ? String(error.stack) : '';
    // The test runner, which maps stacks, leaves "async" out.
    expect(stack).toMatch(new RegExp(` (Object\\.)?${name} `));
    expect(stack).toMatch(/ make /);
  });
});
