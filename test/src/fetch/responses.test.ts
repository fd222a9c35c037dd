import { createServer, type RequestListener } from 'node:http';
import { type BreakerClock, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type BreakerFetchOptions, breakerFetch, FailedResponseError } from '../../../src/fetch.ts';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { watchUnhandledRejections } from './guarded-clients.ts';

/** A server and a fetch with a breaker to ask it with. */
async function start(listener: RequestListener, options: BreakerFetchOptions = {}, clock?: BreakerClock) {
  watchUnhandledRejections();
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const breaker = createBreaker({ clock });
  return { breaker, url: `http://127.0.0.1:${port}/`, fetch: breakerFetch(breaker, options) };
}

const sendJson: RequestListener = (_request, response) => {
  response.writeHead(200, 'Fine', {
    'content-type': 'application/json',
    'x-own': 'kept',
    'set-cookie': ['a=1', 'b=2'],
  });
  response.end('{"hello":"world"}');
};

describe('a response', () => {
  it('is what fetch gives: status, headers, URL and all', async () => {
    const { url, fetch } = await start(sendJson);
    const [plain, guarded] = await Promise.all([globalThis.fetch(url), fetch(url)]);
    expect(guarded).toBeInstanceOf(Response);
    for (const field of ['ok', 'status', 'statusText', 'url', 'redirected', 'type', 'bodyUsed'] as const)
      expect([field, guarded[field]]).toEqual([field, plain[field]]);
    expect(guarded.url).toBe(url);
    const withoutDate = (response: Response) => [...response.headers].filter(([name]) => name !== 'date');
    expect(withoutDate(guarded)).toEqual(withoutDate(plain));
    expect(guarded.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await guarded.json()).toEqual({ hello: 'world' });
    expect(guarded.bodyUsed).toBe(true);
    await plain.text();
  });

  it.each(['text', 'json', 'arrayBuffer', 'blob'] as const)(
    'can be read by %s(), which is a success',
    async (method) => {
      const { url, fetch, breaker } = await start(sendJson);
      await (await fetch(url))[method]();
      expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
    },
  );

  it('can be cloned: both can be read, both know their URL, and it is one success', async () => {
    const { url, fetch, breaker } = await start(sendJson);
    const response = await fetch(url);
    const clone = response.clone();
    expect([clone.url, clone.clone().url]).toEqual([url, url]);
    expect(await Promise.all([response.json(), clone.text()])).toEqual([{ hello: 'world' }, '{"hello":"world"}']);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1 });
  });

  it('tells that it was redirected', async () => {
    const { url, fetch } = await start((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/there' }).end();
      else response.end('there');
    });
    expect(await fetch(url)).toMatchObject({ redirected: true, url: `${url}there` });
  });

  it('can be read byte for byte into memory of the reader', async () => {
    const { url, fetch, breaker } = await start(sendJson);
    const reader = (await fetch(url)).body?.getReader({ mode: 'byob' });
    let text = '';
    for (;;) {
      const part = await reader?.read(new Uint8Array(5));
      if (!part || part.done) break;
      text += new TextDecoder().decode(part.value);
    }
    expect(text).toBe('{"hello":"world"}');
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });

  it('can be read and cancelled where the platform has no streams of bytes', async () => {
    vi.stubGlobal('ReadableByteStreamController', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { url, fetch, breaker } = await start(sendJson);
    expect(await (await fetch(url)).json()).toEqual({ hello: 'world' });
    await (await fetch(url)).body?.cancel();
    expect(breaker.metrics()).toMatchObject({ calls: 2, failures: 0, inFlight: 0 });
  });

  it('passes on every byte of a large body', async () => {
    const bytes = new Uint8Array(5_000_000).map((_byte, index) => index % 251);
    const { url, fetch, breaker } = await start((_request, response) => void response.end(bytes));
    const received = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(Buffer.compare(received, bytes)).toBe(0);
    expect(breaker.metrics()).toMatchObject({ successes: 1 });
  });

  it.each(['HEAD', 'GET'])('without a body settles at once: %s', async (method) => {
    const { url, fetch, breaker } = await start((_request, response) => void response.writeHead(204).end());
    const response = await fetch(url, { method });
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
    expect([response.status, response.body, await response.text()]).toEqual([204, null, '']);
  });

  it('that nobody reads is a success once it has arrived', async () => {
    const { url, fetch, breaker } = await start(sendJson);
    await fetch(url);
    await vi.waitFor(() => expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 }));
  });

  it('that nobody reads is a failure when it stalls', async () => {
    const listener: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"half":');
    };
    const { url, fetch, breaker } = await start(listener, { idleTimeout: 100 });
    await fetch(url);
    await vi.waitFor(() => expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 }));
  });

  it('that is a stream is not read before anybody asks', async () => {
    const listener: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {}\n\n');
    };
    const { url, fetch, breaker } = await start(listener);
    const response = await fetch(url);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(breaker.metrics()).toMatchObject({ successes: 0, inFlight: 1 });
    await response.text();
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });

  it.each([
    { parts: 0, outcome: { cancelled: 1, successes: 0 } },
    { parts: 1, outcome: { cancelled: 0, successes: 1 } },
  ])('that is cancelled after $parts parts of its stream counts as $outcome', async ({ parts, outcome }) => {
    const isClosed = vi.fn();
    const { url, fetch, breaker } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {}\n\n');
      response.once('close', isClosed);
    });
    const reader = (await fetch(url)).body?.getReader();
    for (let part = 0; part < parts; part++) await reader?.read();
    await reader?.cancel();
    expect(breaker.metrics()).toMatchObject({ ...outcome, failures: 0, inFlight: 0 });
    await vi.waitFor(() => expect(isClosed).toHaveBeenCalledOnce());
  });

  it('that is broken JSON is a failure', async () => {
    const { url, fetch, breaker } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"half":');
    });
    expect(await (await fetch(url)).text()).toBe('{"half":');
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { name: 'SyntaxError' } });
  });

  it('with status 200 that tells an error is a failure', async () => {
    const { url, fetch, breaker } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end('{"error":{"message":"Provider returned error","code":502}}');
    });
    await (await fetch(url)).json();
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { name: 'FailedResponseError' } });
  });

  it('with status 200 is taken for a good one, unparsed, when it is longer than a million characters', async () => {
    const long = JSON.stringify({ error: { message: 'x'.repeat(1_000_000) } });
    const { url, fetch, breaker } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(long);
    });
    expect(await (await fetch(url)).text()).toBe(long);
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
  });

  it('with an error status does not wait longer than a second for its body, though the clock of the breaker stands still', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const rest = createDeferred<void>();
    const { url, fetch, breaker } = await start(
      async (_request, response) => {
        response.writeHead(503, { 'content-type': 'application/json' }).write('{"error":');
        await rest.promise;
        response.end('"slow"}');
      },
      {},
      createTestClock(),
    );
    const asking = fetch(url);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    vi.advanceTimersByTime(1_000);
    const response = await asking;
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { status: 503 } });
    rest.resolve();
    expect(await response.json()).toEqual({ error: 'slow' });
  });

  it.each([
    { length: 1_000, isAnnounced: true, isRead: true },
    { length: 1_000, isAnnounced: false, isRead: true },
    { length: 100_000, isAnnounced: true, isRead: false },
    { length: 100_000, isAnnounced: false, isRead: false },
  ])('with an error status is judged by a body of up to 64 KiB, which stays whole: %o', async (body) => {
    const text = JSON.stringify({ error: { code: 'own_code', message: 'x'.repeat(body.length) } });
    const clock = createTestClock();
    const { url, fetch, breaker } = await start(
      (_request, response) => {
        const announced = body.isAnnounced ? { 'content-length': text.length } : {};
        response.writeHead(503, { 'content-type': 'application/json', ...announced });
        response.write(text.slice(0, 500));
        response.end(text.slice(500));
      },
      {},
      clock,
    );
    const codes: unknown[] = [];
    breaker.on('failure', (error) =>
      codes.push(FailedResponseError.isInstance(error) && JSON.stringify(error.body)?.slice(0, 27)),
    );
    expect(await (await fetch(url)).text()).toBe(text);
    expect(codes).toEqual([body.isRead ? '{"error":{"code":"own_code"' : undefined]);
    expect(clock.pendingTimers).toBe(0);
  });
});
