import { getEventListeners } from 'node:events';
import { createBreaker, failover, type RunContext } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { uncaughtExceptionsOf } from './unhandled-rejections.ts';

const listenersOn = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

/** What can still be read after it has been returned, each with a way to make it. */
const readables: readonly (readonly [string, () => object])[] = [
  ['a Response', () => new Response('text')],
  ['a Response of another make', () => ({ bodyUsed: false, body: new ReadableStream() })],
  ['a ReadableStream', () => new ReadableStream()],
  ['a stream that can only be read by a reader', () => ({ getReader: () => {} })],
  [
    'an async generator',
    async function* () {
      yield 1;
    },
  ],
  ['an async iterable', () => ({ [Symbol.asyncIterator]: () => {} })],
  ['one that nothing can be added to', () => Object.freeze({ [Symbol.asyncIterator]: () => {} })],
];

const others: readonly (readonly [string, () => unknown])[] = [
  ['a text', () => 'text'],
  ['nothing', () => undefined],
  ['null', () => null],
  ['an object', () => ({ body: 'text', controller: new AbortController() })],
  ['an array', () => [1, 2]],
  ['a Response without a body', () => new Response(null, { status: 204 })],
  [
    'what throws when it is looked at',
    () => new Proxy({}, { has: broken, get: (_, name) => name !== 'then' && broken() }),
  ],
];

function broken(): never {
  throw new Error('broken');
}

/** Runs something that reads its signal, past a breaker; the types refuse streams. */
async function runReading(result: () => unknown, signal: AbortSignal, breaker = createBreaker()) {
  const given: AbortSignal[] = [];
  const returned = await breaker.run(
    (context: RunContext): unknown => {
      given.push(context.signal);
      return result();
    },
    { signal, timeout: 1000 },
  );
  return { returned, own: given[0] };
}

describe('the abort of the caller, after run has settled', () => {
  it.each(readables)(
    'S-48 aborts the signal that fn has read where the result is %s, which stays the same',
    async (_name, create) => {
      const result = create();
      const controller = new AbortController();
      const { returned, own } = await runReading(() => result, controller.signal);
      expect(returned).toBe(result);
      expect(own?.aborted).toBe(false);
      controller.abort('stop');
      expect(own?.reason).toBe('stop');
      expect(listenersOn(controller.signal)).toBe(0);
    },
  );

  it.each(others)('S-48 does nothing, and no listener is left, where the result is %s', async (_name, create) => {
    const controller = new AbortController();
    const { own } = await runReading(create, controller.signal);
    expect(listenersOn(controller.signal)).toBe(0);
    controller.abort('stop');
    expect(own?.aborted).toBe(false);
  });

  it('S-48 is not watched for where fn has not read its signal, or was not given up to by a caller', async () => {
    const { signal } = new AbortController();
    const breaker = createBreaker();
    await breaker.run(() => new Response('text'), { signal });
    await reasonOf(breaker.run(({ signal: own }) => Promise.reject(own), { signal }));
    expect(listenersOn(signal)).toBe(0);
    const { own } = await breaker.run(({ signal: own }) => Object.assign(new Response('text'), { own }));
    expect(own.aborted).toBe(false);
  });

  it('S-48 is heard by one listener, however many calls and breakers there are', async () => {
    const controller = new AbortController();
    const breakers = [createBreaker(), createBreaker()];
    const calls = breakers.flatMap((breaker) =>
      [1, 2, 3].map(() => runReading(() => new Response('text'), controller.signal, breaker)),
    );
    const running = breakers.map((breaker) =>
      reasonOf(breaker.run(() => new Promise(() => {}), { signal: controller.signal })),
    );
    const results = await Promise.all(calls);
    expect(listenersOn(controller.signal)).toBe(1);
    controller.abort('stop');
    expect(results.map(({ own }) => own?.reason)).toEqual(Array(6).fill('stop'));
    expect(await Promise.all(running)).toEqual(['stop', 'stop']);
    expect(listenersOn(controller.signal)).toBe(0);
  });

  it('S-48 changes nothing that was counted', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 1 });
    const controller = new AbortController();
    await runReading(() => new Response('text'), controller.signal, breaker);
    controller.abort('stop');
    await flushMicrotasks();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 1, failures: 0, cancelled: 0, inFlight: 0 });
  });

  it('S-48 is heard where it comes from a callback about the success', async () => {
    const controller = new AbortController();
    const breaker = createBreaker({ onSuccess: () => controller.abort('stop') });
    const { own } = await runReading(() => new Response('text'), controller.signal, breaker);
    expect(own?.reason).toBe('stop');
  });

  it('S-48 goes through failover', async () => {
    const controller = new AbortController();
    const candidates = [createBreaker({ name: 'a' }), createBreaker({ name: 'b' })];
    const given: AbortSignal[] = [];
    const ask = async (candidate: unknown, { signal }: RunContext) => {
      given.push(signal);
      if (candidate === candidates[0]) throw new Error('down');
      return new Response('text');
    };
    const response = await failover(candidates, ask, { signal: controller.signal });
    expect(listenersOn(controller.signal)).toBe(1);
    controller.abort('stop');
    expect(given.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(response.status).toBe(200);
  });
});

describe('the deadline of run', () => {
  it('S-48 ends when run settles, also where the result is still being read', async () => {
    const { breaker, clock } = createTimedBreaker();
    const { signal } = new AbortController();
    const { own } = await runReading(() => new Response('text'), signal, breaker);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(2000);
    expect(own?.aborted).toBe(false);
  });
});

describe('the signal that fn is given', () => {
  it('is the same whenever it is read, also through a copy of its context', async () => {
    const { signal } = new AbortController();
    await createBreaker().run(
      (context) => {
        const copy = { ...context, method: 'POST' };
        expect(copy.signal).toBe(context.signal);
        expect(Object.keys(context)).toEqual(['signal']);
      },
      { signal },
    );
  });

  it('is aborted already where it is first read after the call was given up', async () => {
    const contexts: RunContext[] = [];
    const controller = new AbortController();
    const { breaker, clock } = createTimedBreaker();
    const start = (options: object) =>
      reasonOf(
        breaker.run((context) => {
          contexts.push(context);
          return new Promise(() => {});
        }, options),
      );
    const calls = [start({ signal: controller.signal }), start({ timeout: 10 })];
    controller.abort('stop');
    clock.advance(10);
    const reasons = await Promise.all(calls);
    expect(contexts.map(({ signal }) => signal.reason)).toEqual(reasons);
  });
});

it('tells every call of an abort, also where the clock of one throws', async () => {
  const clock = {
    now: () => 1,
    setTimeout: () => 1,
    clearTimeout: () => {
      throw new Error('no clock');
    },
  };
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [createBreaker({ clock }), createBreaker()].map((breaker) =>
    reasonOf(breaker.run(() => new Promise(() => {}), { signal, timeout: 1000 })),
  );
  expect(await uncaughtExceptionsOf(() => controller.abort('stop'))).toHaveLength(1);
  expect(await Promise.all(calls)).toEqual(['stop', 'stop']);
});
