import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { toReadableStream } from '../../../src/ai-sdk/readable-stream.ts';
import { admitCall } from '../../../src/breaker/admit-call.ts';
import { watchStream } from '../../../src/calls/watch-stream.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createSource, readAll, settle, threeItems } from './streams.ts';

describe('a stream that was admitted by a permit', () => {
  it('settles the permit by its end', async () => {
    const breaker = createBreaker();
    const items = await readAll(watchStream(threeItems(), admitCall(breaker, []), {}));
    expect(items).toEqual(['a', 'b', 'c']);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, inFlight: 0 });
  });

  it('S-43 is given up at once by an abort, also before anybody has read it', async () => {
    for (const signal of [AbortSignal.abort('stop'), undefined]) {
      const breaker = createBreaker();
      const controller = new AbortController();
      const options = { signal: signal ?? controller.signal };
      const stream = watchStream(createSource(), admitCall(breaker, []), options);
      controller.abort('stop');
      expect(breaker.metrics()).toMatchObject({ calls: 1, cancelled: 1, inFlight: 0 });
      expect(await reasonOf(stream.next())).toBe('stop');
    }
  });

  it('S-44 S-47 S-96 is a failure and a timeout when it stalls, by the clock of the breaker', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ name: 'model', clock });
    const stream = watchStream(createSource(), admitCall(breaker, []), { idleTimeout: 10 });
    const next = reasonOf(stream.next());
    await settle();
    clock.advance(10);
    expect(await next).toMatchObject({ name: 'CallTimeoutError', breaker: 'model' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
  });

  it('leaves a permit as it is that somebody has settled', async () => {
    const breaker = createBreaker();
    const permit = admitCall(breaker, []);
    permit.fail(new Error('told in an item'));
    await readAll(watchStream(threeItems(), permit, {}));
    expect(breaker.metrics()).toMatchObject({ failures: 1, successes: 0 });
  });
});

describe('a stream that nobody has read yet', () => {
  it.each(['return', 'abort'] as const)('is cancelled at its source when it is given up: %s', async (way) => {
    const breaker = createBreaker();
    const controller = new AbortController();
    const source = createSource();
    const stream = watchStream(source, admitCall(breaker, []), { signal: controller.signal });
    if (way === 'return') await stream.return();
    else controller.abort('stop');
    expect(source.returned).toBe(1);
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, inFlight: 0 });
  });

  it('S-46 shares one listener with all that have the same signal', () => {
    const breaker = createBreaker();
    const { signal } = new AbortController();
    const listen = vi.spyOn(signal, 'addEventListener');
    const streams = [1, 2, 3].map(() => watchStream(createSource(), admitCall(breaker, []), { signal }));
    expect(listen).toHaveBeenCalledOnce();
    for (const stream of streams) stream.return();
  });
});

describe('a ReadableStream of it', () => {
  it('reads nothing ahead, and gives the stream up when it is cancelled', async () => {
    const breaker = createBreaker();
    const source = createSource();
    const readable = toReadableStream(watchStream(source, admitCall(breaker, []), {}));
    await settle();
    expect(source.asked).toBe(0);
    const reader = readable.getReader();
    const read = reader.read();
    await source.give('a');
    expect(await read).toEqual({ done: false, value: 'a' });
    await settle();
    expect(source.asked).toBe(1);
    await reader.cancel();
    expect(source.returned).toBe(1);
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });

  it('passes errors and the end on', async () => {
    const breaker = createBreaker();
    const down = new Error('down');
    const source = createSource();
    const reader = toReadableStream(watchStream(source, admitCall(breaker, []), {})).getReader();
    const read = reasonOf(reader.read());
    await source.fail(down);
    expect(await read).toBe(down);
    const whole = toReadableStream(watchStream(threeItems(), admitCall(breaker, []), {})).getReader();
    const items = [];
    for (let item = await whole.read(); !item.done; item = await whole.read()) items.push(item.value);
    expect(items).toEqual(['a', 'b', 'c']);
  });
});
