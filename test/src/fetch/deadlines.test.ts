import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { type BreakerFetch, breakerFetch, type GuardOptions } from '../../../src/fetch.ts';
import { rejectionOf } from '../../provider/vendors.ts';
import { createDeferred, flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { watchUnhandledRejections } from './guarded-clients.ts';

const url = 'https://model.test';

/** A body whose parts the test sends. */
function createBody(contentType = 'text/event-stream') {
  const onCancel = vi.fn();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    cancel: onCancel,
  });
  const send = (text: string) => controller?.enqueue(new TextEncoder().encode(text));
  const response = new Response(stream, { headers: { 'content-type': contentType } });
  return { response, send, onCancel, end: () => controller?.close(), fail: (error: Error) => controller?.error(error) };
}

function start(fetch: BreakerFetch, options: GuardOptions = {}) {
  watchUnhandledRejections();
  const clock = createTestClock();
  const breaker = createBreaker({ clock });
  return { clock, breaker, fetch: breakerFetch(breaker, { ...options, fetch }) };
}

describe('firstItemTimeout', () => {
  it('S-96 aborts a request whose headers do not come, by the clock of the breaker, without touching the signal of its caller', async () => {
    const sending = createDeferred<Response>();
    const send = vi.fn<BreakerFetch>(() => sending.promise);
    const { clock, breaker, fetch } = start(send, { firstItemTimeout: 100 });
    const { signal } = new AbortController();
    const error = rejectionOf(fetch(url, { signal, method: 'POST' }));
    clock.advance(100);
    expect(await error).toMatchObject({ name: 'CallTimeoutError', timeoutMs: 100, limit: 'firstItemTimeout' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
    const init = send.mock.calls[0]?.[1];
    expect(init).toMatchObject({ method: 'POST', signal: { aborted: true, reason: { name: 'CallTimeoutError' } } });
    expect(signal.aborted).toBe(false);
  });

  it.each(['answered', 'failed'])('S-47 drops what comes too late: a request that is %s', async (end) => {
    const sending = createDeferred<Response>();
    const { clock, breaker, fetch } = start(() => sending.promise, { firstItemTimeout: 100 });
    const error = rejectionOf(fetch(url));
    clock.advance(100);
    await error;
    const body = createBody();
    if (end === 'answered') sending.resolve(body.response);
    else sending.reject(new Error('late'));
    await flushMicrotasks();
    expect(body.onCancel).toHaveBeenCalledTimes(end === 'answered' ? 1 : 0);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1 });
  });

  it('is one time for the headers and the first byte', async () => {
    const sending = createDeferred<Response>();
    const { clock, breaker, fetch } = start(() => sending.promise, { firstItemTimeout: 100 });
    const fetching = fetch(url);
    clock.advance(80);
    const body = createBody();
    sending.resolve(body.response);
    const reading = rejectionOf((await fetching).text());
    await flushMicrotasks();
    clock.advance(19);
    expect(breaker.metrics()).toMatchObject({ failures: 0, inFlight: 1 });
    clock.advance(1);
    expect(await reading).toMatchObject({ name: 'CallTimeoutError', limit: 'firstItemTimeout', timeoutMs: 100 });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
    expect(body.onCancel).toHaveBeenCalledOnce();
  });

  it('is over with the first byte, and leaves no timer', async () => {
    const body = createBody();
    const { clock, breaker, fetch } = start(async () => body.response, { firstItemTimeout: 100 });
    const reading = (await fetch(url)).text();
    body.send('data: hi\n\n');
    await flushMicrotasks();
    expect(clock.pendingTimers).toBe(0);
    clock.advance(1_000);
    body.end();
    expect(await reading).toBe('data: hi\n\n');
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
  });
});

describe('idleTimeout', () => {
  it('says nothing of the headers, which come when an answer is ready', async () => {
    const sending = createDeferred<Response>();
    const { clock, breaker, fetch } = start(() => sending.promise, { idleTimeout: 100 });
    const fetching = fetch(url);
    clock.advance(60_000);
    sending.resolve(new Response('fine'));
    expect(await (await fetching).text()).toBe('fine');
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
  });

  it('S-96 begins anew with every part, and runs by the clock of the breaker while one is asked for', async () => {
    const body = createBody();
    const { clock, breaker, fetch } = start(async () => body.response, { idleTimeout: 100 });
    const reader = (await fetch(url)).body?.getReader();
    for (let part = 0; part < 3; part++) {
      const reading = reader?.read();
      await flushMicrotasks();
      clock.advance(99);
      body.send('data: hi\n\n');
      expect(await reading).toMatchObject({ done: false });
      clock.advance(1_000);
    }
    const reading = rejectionOf(Promise.resolve(reader?.read()));
    await flushMicrotasks();
    clock.advance(100);
    expect(await reading).toMatchObject({ name: 'CallTimeoutError' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, inFlight: 0 });
  });
});

describe('the option clock', () => {
  it('S-96 takes no effect: the deadline is that of the breaker', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock });
    const another = createTestClock();
    const send: BreakerFetch = () => new Promise(() => {});
    const fetch = breakerFetch(breaker, { fetch: send, firstItemTimeout: 100, clock: another });
    const error = rejectionOf(fetch(url));
    expect([clock.pendingTimers, another.pendingTimers]).toEqual([1, 0]);
    another.advance(1_000);
    expect(breaker.metrics()).toMatchObject({ failures: 0, inFlight: 1 });
    clock.advance(100);
    expect(await error).toMatchObject({ name: 'CallTimeoutError' });
  });
});

describe('a stream whose last event has come', () => {
  const last = 'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n';

  it('is a success, however its connection ends', async () => {
    const body = createBody();
    const { breaker, fetch } = start(async () => body.response);
    const reader = (await fetch(url)).body?.getReader();
    body.send(last);
    await reader?.read();
    body.fail(new TypeError('terminated'));
    await rejectionOf(Promise.resolve(reader?.read()));
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0, inFlight: 0 });
  });

  it('is a success, though its connection never ends', async () => {
    const body = createBody();
    const { clock, breaker, fetch } = start(async () => body.response, { idleTimeout: 100 });
    const reading = rejectionOf((await fetch(url)).text());
    body.send(last);
    await flushMicrotasks();
    clock.advance(100);
    await reading;
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0, inFlight: 0 });
  });

  it('is a failure when an error comes after it', async () => {
    const body = createBody();
    const { breaker, fetch } = start(async () => body.response);
    const reading = (await fetch(url)).text();
    body.send(`${last}event: error\ndata: {"error":{"type":"server_error"}}\n\n`);
    body.end();
    await reading;
    expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 1, inFlight: 0 });
  });
});

describe('a caller of fetch', () => {
  it('S-43 may hand its signal over in a Request', async () => {
    const stop = new AbortController();
    const request = new Request(url, { signal: stop.signal });
    const send = () =>
      new Promise<Response>((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    const { breaker, fetch } = start(send);
    const error = rejectionOf(fetch(request));
    stop.abort('stop');
    expect(await error).toBe('stop');
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, failures: 0 });
    await expect(fetch(request)).rejects.toBe('stop');
    expect(breaker.metrics()).toMatchObject({ calls: 1 });
  });

  it('S-43 gets the reason of its abort inside a body', async () => {
    const body = createBody();
    const { breaker, fetch } = start(async () => body.response);
    const stop = new AbortController();
    const reading = rejectionOf((await fetch(url, { signal: stop.signal })).text());
    body.send('data: hi\n\n');
    await flushMicrotasks();
    stop.abort('stop');
    expect(await reading).toBe('stop');
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, failures: 0, inFlight: 0 });
    expect(body.onCancel).toHaveBeenCalledOnce();
  });

  it('S-44 fails with the deadline of a breaker around it, which is a failure of both', async () => {
    const send: BreakerFetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const { breaker, fetch } = start(send);
    const outer = createBreaker({ timeout: 20 });
    await rejectionOf(outer.run(({ signal }) => fetch(url, { signal })));
    expect([breaker.metrics().failures, outer.metrics().failures]).toEqual([1, 1]);
  });
});
