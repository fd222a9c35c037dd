import { getEventListeners } from 'node:events';
import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { circuitBreakerMiddleware } from '../../../src/ai-sdk.ts';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { readAll, settle } from '../streams/streams.ts';
import { finish, ScriptedModel, streamThrough, text } from './scripted-model.ts';

function useFakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

describe('the limits of a stream through a circuit', () => {
  it.each([
    { limits: { firstItemTimeout: 100 }, limit: 'firstItemTimeout', parts: [] },
    { limits: { idleTimeout: 100 }, limit: 'idleTimeout', parts: [text('Hello')] },
  ])('S-96 run by the clock of the breaker, and are in its timeouts: $limit', async ({ limits, limit, parts }) => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock });
    const model = new ScriptedModel();
    const { stream } = await streamThrough(breaker, model, limits);
    model.write(...parts);
    const error = reasonOf(readAll(stream));
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(1));
    clock.advance(100);
    expect(await error).toMatchObject({ name: 'CallTimeoutError', limit });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
  });
});

describe('the parts of a stream through a circuit', () => {
  it('are the same objects in the same order, with the rest of the result', async () => {
    const model = new ScriptedModel();
    const types = [
      'stream-start',
      'raw',
      'ping',
      'response-metadata',
      'text-start',
      'text-end',
      'source',
      'unheard-of',
    ];
    const parts = [...types.map((type) => ({ type })), text('Hello'), finish('stop')];
    const result = await streamThrough(createBreaker(), model);
    expect(result.request).toBe('as it is');
    model.write(...parts);
    model.end();
    const received = await readAll(result.stream);
    expect(received).toHaveLength(parts.length);
    for (const [index, part] of received.entries()) expect(part).toBe(parts[index]);
  });

  it('that precede the first content do not wait for it', async () => {
    const model = new ScriptedModel();
    const { stream } = await streamThrough(createBreaker(), model);
    const reader = stream.getReader();
    for (const type of ['stream-start', 'response-metadata']) {
      const next = reader.read();
      await flushMicrotasks();
      model.write({ type });
      expect((await next).value).toEqual({ type });
    }
  });

  it('are not read ahead, but for the first content', async () => {
    const model = new ScriptedModel();
    const { stream } = await streamThrough(createBreaker(), model);
    const reader = stream.getReader();
    await flushMicrotasks();
    expect(model.asked).toBe(1);
    model.write({ type: 'stream-start' });
    await flushMicrotasks();
    expect(model.asked).toBe(2);
    model.write(text('a'));
    await flushMicrotasks();
    await reader.read();
    await reader.read();
    await flushMicrotasks();
    expect(model.asked).toBe(2);
    const next = reader.read();
    await flushMicrotasks();
    expect(model.asked).toBe(3);
    model.write(text('b'));
    expect((await next).value).toEqual(text('b'));
    await flushMicrotasks();
    expect(model.asked).toBe(3);
  });

  it('have until firstItemTimeout to say something, whatever precedes it and whether or not somebody reads', async () => {
    useFakeTime();
    const breaker = createBreaker({ name: 'model' });
    const model = new ScriptedModel();
    const { stream } = await streamThrough(breaker, model, { firstItemTimeout: 1_000, idleTimeout: 100 });
    for (let tick = 0; tick < 9; tick++) {
      model.write({ type: 'ping' });
      vi.advanceTimersByTime(110);
      await settle();
    }
    expect(breaker.metrics().failures).toBe(0);
    vi.advanceTimersByTime(10);
    expect(breaker.metrics().failures).toBe(1);
    expect(await reasonOf(readAll(stream))).toMatchObject({ code: 'ERR_CALL_TIMEOUT', timeoutMs: 1_000 });
    expect(model.signal?.aborted).toBe(true);
  });

  it('are idle only while the consumer waits for them', async () => {
    useFakeTime();
    const breaker = createBreaker();
    const model = new ScriptedModel();
    const { stream } = await streamThrough(breaker, model, { idleTimeout: 100 });
    const reader = stream.getReader();
    model.write(text('a'));
    await reader.read();
    vi.advanceTimersByTime(10_000);
    expect(breaker.metrics().failures).toBe(0);
    const next = reasonOf(reader.read());
    await settle();
    vi.advanceTimersByTime(100);
    expect(await next).toMatchObject({ code: 'ERR_CALL_TIMEOUT', timeoutMs: 100 });
    expect(breaker.metrics().failures).toBe(1);
  });

  it('S-46 leave no listener on the signal of 10,000 calls, however they end', async () => {
    const breaker = createBreaker({ failurePredicate: () => false });
    const { signal: abortSignal } = new AbortController();
    for (let call = 0; call < 10_000; call++) {
      const model = new ScriptedModel();
      const { stream } = await streamThrough(breaker, model, { abortSignal });
      model.write(text('a'));
      if (call % 3 === 0) await stream.cancel();
      else if (call % 3 === 1) model.fail(new Error('reset'));
      else model.end();
      if (call % 3 > 0) await readAll(stream).catch(() => {});
    }
    expect(breaker.metrics()).toMatchObject({ calls: 10_000, inFlight: 0 });
    expect(getEventListeners(abortSignal, 'abort')).toEqual([]);
  });

  it('S-46 leave no listener on the signal of 10,000 answers that are not streamed', async () => {
    const { wrapGenerate } = circuitBreakerMiddleware(createBreaker());
    const { signal: abortSignal } = new AbortController();
    const model = { provider: 'scripted', modelId: 'model', doGenerate: async () => ({ content: [] }) };
    for (let call = 0; call < 10_000; call++) await wrapGenerate({ model, params: { abortSignal } });
    expect(getEventListeners(abortSignal, 'abort')).toEqual([]);
  });
});
