import { CircuitBreakerOpenError, createBreaker, StreamInterruptedError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createSource, readAll, settle, threeItems } from './streams.ts';

const down = new Error('overloaded');

/** A breaker whose next call is a trial. */
function createDue(options = {}) {
  const clock = createTestClock();
  const breaker = createBreaker({ clock, recoveryTimeout: 1_000, trialTimeout: 60_000, ...options });
  breaker.trip();
  clock.advance(1_000);
  return { breaker, clock };
}

describe('a stream', () => {
  it('S-01 passes its items through, and is a success when it is whole', async () => {
    const breaker = createBreaker();
    expect(await readAll(breaker.stream(threeItems))).toEqual(['a', 'b', 'c']);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, failures: 0, inFlight: 0 });
  });

  it.each(['with its iterator', 'without one'])('reads a ReadableStream %s', async (kind) => {
    const breaker = createBreaker();
    const readable = new ReadableStream<string>({
      start(controller) {
        for (const item of ['a', 'b', 'c']) controller.enqueue(item);
        controller.close();
      },
    });
    if (kind === 'without one') Object.defineProperty(readable, Symbol.asyncIterator, { value: undefined });
    expect(await readAll(breaker.stream(() => readable))).toEqual(['a', 'b', 'c']);
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });

  it('does nothing before its first item is asked for, and reads nothing ahead', async () => {
    const breaker = createBreaker();
    const source = createSource();
    const fn = vi.fn(async () => source);
    const stream = breaker.stream(fn);
    await settle();
    expect([fn.mock.calls.length, breaker.metrics().calls]).toEqual([0, 0]);
    const first = stream.next();
    await source.give('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    await settle();
    expect([source.asked, breaker.metrics().inFlight]).toEqual([1, 1]);
  });

  it('answers several requests for items in their order', async () => {
    const breaker = createBreaker();
    const stream = breaker.stream(threeItems);
    const results = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(results.map(({ value }) => value)).toEqual(['a', 'b', 'c', undefined, undefined]);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1 });
  });

  it('S-01 is a failure when it throws, with its own error, at any item', async () => {
    for (const items of [0, 1, 2]) {
      const breaker = createBreaker();
      const source = createSource();
      const stream = breaker.stream(() => source);
      for (let item = 0; item < items; item++) {
        const next = stream.next();
        await source.give('item');
        await next;
      }
      const failing = reasonOf(stream.next());
      await source.fail(down);
      expect(await failing).toBe(down);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, successes: 0, inFlight: 0 });
    }
  });

  it.each([
    ['throws', () => Reflect.apply(thrower, undefined, [])],
    ['rejects', async () => thrower()],
    ['returns no stream', () => Reflect.apply(String, undefined, ['no stream'])],
  ])('S-02 is a failure where the function %s', async (_how, fn) => {
    const breaker = createBreaker();
    const stream = Reflect.apply(breaker.stream, breaker, [fn]);
    expect(await reasonOf(stream.next())).toBeInstanceOf(Error);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, inFlight: 0 });
  });

  it('S-05 S-23 is rejected at its first item, without being started', async () => {
    const breaker = createBreaker({ name: 'model' });
    breaker.trip();
    const fn = vi.fn(threeItems);
    const stream = breaker.stream(fn);
    expect(await reasonOf(stream.next())).toBeInstanceOf(CircuitBreakerOpenError);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(fn).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ calls: 0, rejected: 1 });
  });

  it('S-06 is what the fallback makes of it where it is rejected, and nothing of that is counted', async () => {
    const breaker = createBreaker({ fallback: threeItems });
    breaker.trip();
    expect(await readAll(breaker.stream(() => createSource()))).toEqual(['a', 'b', 'c']);
    const failing = breaker.stream(() => createSource(), {
      fallback: async () => thrower(),
    });
    expect(await reasonOf(failing.next())).toBe(down);
    expect(breaker.metrics()).toMatchObject({ calls: 0, rejected: 2, failures: 0 });
  });

  it('S-30 S-33 holds its trial slot to its end', async () => {
    const { breaker } = createDue();
    const source = createSource();
    const stream = breaker.stream(() => source);
    const first = stream.next();
    await source.give('a');
    await first;
    expect([breaker.state, breaker.tryAcquire()]).toEqual(['halfOpen', undefined]);
    const last = stream.next();
    await source.end();
    await last;
    expect(breaker.state).toBe('closed');
  });

  it('S-31 opens again where it is a trial that breaks off', async () => {
    const { breaker } = createDue();
    const source = createSource();
    const stream = breaker.stream(() => source);
    const first = reasonOf(stream.next());
    await source.fail(down);
    await first;
    expect(breaker.state).toBe('open');
  });

  it.each([
    ['no item', 0, { cancelled: 1, successes: 0 }, 'halfOpen'],
    ['an item', 1, { cancelled: 0, successes: 1 }, 'closed'],
  ])('S-33 S-34 that its consumer leaves after %s', async (_title, items, ends, state) => {
    const { breaker } = createDue();
    const source = createSource();
    const signals: AbortSignal[] = [];
    const stream = breaker.stream(({ signal }) => {
      signals.push(signal);
      return source;
    });
    const next = stream.next();
    if (items > 0) await source.give('item');
    else await settle();
    await stream.return();
    expect(await next).toMatchObject({ done: items === 0 });
    expect([breaker.state, source.returned, signals[0]?.aborted]).toEqual([state, 1, true]);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 0, inFlight: 0, trials: 0, ...ends });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is left by break, return and a thrown error alike, and its source is told so', async () => {
    const breaker = createBreaker();
    const cleanUp = vi.fn();
    async function* endless() {
      try {
        for (;;) yield 'item';
      } finally {
        cleanUp();
      }
    }
    for await (const item of breaker.stream(endless)) if (item === 'item') break;
    await expect(async () => {
      for await (const _item of breaker.stream(endless)) throw down;
    }).rejects.toBe(down);
    expect(cleanUp).toHaveBeenCalledTimes(2);
    expect(breaker.metrics()).toMatchObject({ successes: 2, failures: 0, inFlight: 0 });
  });

  it('counts nothing where its consumer leaves it before it has begun', async () => {
    const breaker = createBreaker();
    const fn = vi.fn(threeItems);
    await breaker.stream(fn).return();
    {
      await using _stream = breaker.stream(fn);
    }
    expect(fn).not.toHaveBeenCalled();
    expect(breaker.metrics()).toMatchObject({ calls: 0, cancelled: 0 });
  });

  it('is a failure where it ends without the item that marks its end, though nobody is thrown at', async () => {
    const onFailure = vi.fn();
    const breaker = createBreaker({ name: 'model', failureThreshold: 1, onFailure });
    const isComplete = (item: string) => item === 'd';
    expect(await readAll(breaker.stream(threeItems, { isComplete }))).toEqual(['a', 'b', 'c']);
    expect(onFailure.mock.calls[0]?.[0]).toBeInstanceOf(StreamInterruptedError);
    expect(onFailure.mock.calls[0]?.[0]).toMatchObject({ itemCount: 3, breaker: 'model' });
    expect(breaker.state).toBe('open');
    breaker.reset();
    expect(await readAll(breaker.stream(threeItems, { isComplete: (item) => item === 'b' }))).toHaveLength(3);
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 1 });
  });

  it('S-50 is whole where isComplete throws, which is reported', async () => {
    const onCallbackError = vi.fn();
    const breaker = createBreaker({ onCallbackError });
    await readAll(breaker.stream(threeItems, { isComplete: () => Reflect.apply(thrower, undefined, []) }));
    expect(onCallbackError).toHaveBeenCalledWith(down, 'isComplete');
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
  });

  it('S-04 wants a function, and options that make sense', () => {
    const breaker = createBreaker();
    expect(() => Reflect.apply(breaker.stream, breaker, [threeItems()])).toThrow(TypeError);
    for (const options of [{ idleTimeout: 0 }, { firstItemTimeout: Number.NaN }, { isComplete: true }, { idle: 1 }])
      expect(() => Reflect.apply(breaker.stream, breaker, [threeItems, options])).toThrow(
        expect.objectContaining({ code: 'ERR_BREAKER_OPTIONS' }),
      );
  });
});

function thrower(): never {
  throw down;
}
