import { createServer } from 'node:http';
import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { breakerFetch, type GuardOptions } from '../../../src/fetch.ts';
import { modelCalls } from '../../../src/llm.ts';
import { rejectionOf } from '../../provider/vendors.ts';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { watchUnhandledRejections } from './guarded-clients.ts';

const item = 'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n';

/** A response whose parts the test sends, and a reader of it behind a breaker. */
async function start(options: GuardOptions, contentType = 'text/event-stream') {
  watchUnhandledRejections();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
  });
  const clock = createTestClock();
  const breaker = createBreaker({ clock });
  const response = new Response(body, { headers: { 'content-type': contentType } });
  const guarded = await breakerFetch(breaker, { ...options, fetch: async () => response })('https://model.test');
  const reader = guarded.body?.getReader();
  const decoder = new TextDecoder();
  return {
    clock,
    breaker,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
    cancel: () => reader?.cancel(),
    async read() {
      const part = await reader?.read();
      return part?.value && decoder.decode(part.value);
    },
  };
}

const keepAlives: readonly (readonly [string, string])[] = [
  ['a comment', ': OPENROUTER PROCESSING\n\n'],
  ['a comment without words', ':\n\n'],
  ['blank lines', '\n\r\n\n'],
  ['a ping by its name', 'event: ping\ndata: {"type":"ping"}\n\n'],
  ['a ping by its type', 'data: {"type": "ping", "cost": "0"}\n\n'],
  ['a ping in a word', 'data: keep-alive\n\n'],
  ['a heartbeat by its name', 'event: heartbeat\ndata: {"at":1}\n\n'],
  ['data without any', 'data:\n\n'],
  ['a number', 'id: 7\n\n'],
  ['a hint for reconnecting', 'retry: 3000\n\n'],
];

describe('signs of a connection', () => {
  it.each(keepAlives)('S-95 are passed on at once, and are not the first item: %s', async (_title, sign) => {
    const stream = await start({ firstItemTimeout: 100 });
    for (const ms of [40, 40]) {
      const reading = stream.read();
      await flushMicrotasks();
      stream.clock.advance(ms);
      stream.send(sign);
      expect(await reading).toBe(sign);
    }
    const reading = rejectionOf(stream.read());
    await flushMicrotasks();
    stream.clock.advance(19);
    expect(stream.breaker.metrics()).toMatchObject({ failures: 0, inFlight: 1 });
    stream.clock.advance(1);
    expect(await reading).toMatchObject({ name: 'CallTimeoutError', limit: 'firstItemTimeout', timeoutMs: 100 });
    expect(stream.breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
    expect(stream.clock.pendingTimers).toBe(0);
  });

  it.each(keepAlives)('S-95 do not end idleness: %s', async (_title, sign) => {
    const stream = await start({ firstItemTimeout: 1_000, idleTimeout: 100 });
    stream.send(item);
    expect(await stream.read()).toBe(item);
    const reading = stream.read();
    await flushMicrotasks();
    stream.clock.advance(99);
    stream.send(sign);
    expect(await reading).toBe(sign);
    const late = rejectionOf(stream.read());
    await flushMicrotasks();
    stream.clock.advance(1);
    expect(await late).toMatchObject({ name: 'CallTimeoutError', limit: 'idleTimeout', timeoutMs: 100 });
  });

  it('S-95 leave the time that is left to what comes after them, and an item all of it', async () => {
    const stream = await start({ firstItemTimeout: 100, idleTimeout: 100 });
    const parts = [
      [90, ': still here\n\n'],
      [9, item],
      [90, ': still here\n\n'],
      [9, item],
    ] as const;
    for (const [ms, part] of parts) {
      const reading = stream.read();
      await flushMicrotasks();
      stream.clock.advance(ms);
      stream.send(part);
      expect(await reading).toBe(part);
    }
    expect(stream.breaker.metrics()).toMatchObject({ failures: 0, inFlight: 1 });
  });

  it('S-95 cost no time while nobody asks', async () => {
    const stream = await start({ idleTimeout: 100 });
    stream.send(': one\n\n');
    await stream.read();
    stream.clock.advance(10_000);
    const reading = stream.read();
    await flushMicrotasks();
    stream.clock.advance(99);
    stream.send(item);
    expect(await reading).toBe(item);
  });

  it('S-95 are told from a part of an event, which is a sign of an answer', async () => {
    const stream = await start({ idleTimeout: 100 });
    for (const part of ['data: {"b64_js', 'on":"AAAA', 'AAAA', '"}\n\n', ': one\n\ndata: {"delta":"hi"}\n\n']) {
      const reading = stream.read();
      await flushMicrotasks();
      stream.clock.advance(99);
      stream.send(part);
      expect(await reading).toBe(part);
    }
    expect(stream.breaker.metrics()).toMatchObject({ failures: 0 });
  });

  it('S-95 can come before an answer in one piece, too', async () => {
    const stream = await start({ firstItemTimeout: 100 }, 'application/json');
    stream.send('\n');
    expect(await stream.read()).toBe('\n');
    await flushMicrotasks();
    stream.clock.advance(100);
    expect(await rejectionOf(stream.read())).toMatchObject({ name: 'CallTimeoutError', limit: 'firstItemTimeout' });
  });

  it('S-95 are nothing that a consumer has had: who leaves after them is neutral, after an item a success', async () => {
    const early = await start({});
    early.send(': one\n\n');
    await early.read();
    await early.cancel();
    expect(early.breaker.metrics()).toMatchObject({ cancelled: 1, successes: 0, failures: 0, inFlight: 0 });
    const late = await start({});
    late.send(': one\n\n');
    await late.read();
    late.send(item);
    await late.read();
    await late.cancel();
    expect(late.breaker.metrics()).toMatchObject({ cancelled: 0, successes: 1, inFlight: 0 });
  });

  it('S-95 alone are no answer when the stream ends', async () => {
    const stream = await start({});
    for (const [, sign] of keepAlives) stream.send(sign);
    stream.end();
    while ((await stream.read()) !== undefined);
    expect(stream.breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { name: 'StreamInterruptedError' } });
  });
});

describe('a server that only keeps its connection alive', () => {
  it('S-95 is left after the time for the first item, by the real clock', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(': PROCESSING\n\n'), 20);
      response.once('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const isClosed = vi.fn();
    server.on('connection', (socket) => socket.once('close', isClosed));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
    const send = breakerFetch(breaker, { firstItemTimeout: 200, idleTimeout: 200 });
    const startedAt = performance.now();
    const error = await rejectionOf((await send(`http://127.0.0.1:${port}/`)).text());
    expect(error).toMatchObject({ name: 'CallTimeoutError' });
    expect(performance.now() - startedAt).toBeGreaterThan(150);
    expect(breaker.metrics()).toMatchObject({ state: 'open', lastFailure: { kind: 'timeout' } });
    await vi.waitFor(() => expect(isClosed).toHaveBeenCalled());
  });
});
