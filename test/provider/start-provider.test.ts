import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { startProvider } from '../../examples/provider/index.ts';
import {
  anthropicVendor,
  createAnthropic,
  createOpenAi,
  openAiQuestion,
  openAiVendor,
  rejectionOf,
  startTestProvider,
  vendors,
} from './vendors.ts';

const completionsPath = '/v1/chat/completions';

describe('what the provider received', () => {
  it('is listed with method, path, time, body and fault', async () => {
    const provider = await startTestProvider({ script: ['ok', { kind: 'empty' }] });
    const startedAt = Date.now();
    await openAiVendor.ask(provider);
    await anthropicVendor.readStream(provider);
    expect(provider.requests).toEqual([
      {
        method: 'POST',
        path: completionsPath,
        stream: false,
        at: expect.any(Number),
        fault: 'ok',
        body: openAiQuestion,
        aborted: false,
      },
      expect.objectContaining({ path: '/v1/messages', stream: true, fault: 'empty' }),
    ]);
    expect(provider.requests[0]?.at).toBeGreaterThanOrEqual(startedAt);
  });

  it('includes requests for an unknown path, which get a 404 and take no step', async () => {
    const provider = await startTestProvider({ script: [{ kind: 'empty' }] });
    const openAiError = await rejectionOf(createOpenAi(provider).models.list());
    const anthropicError = await rejectionOf(createAnthropic(provider).models.list());
    expect(openAiError).toMatchObject({ status: 404, type: 'invalid_request_error', code: null });
    expect(anthropicError).toMatchObject({ status: 404, type: 'not_found_error' });
    expect(await openAiVendor.ask(provider)).toBe('');
    expect(provider.requests.map(({ path, fault }) => [path, fault])).toEqual([
      ['/v1/models', 'unknownPath'],
      ['/v1/models', 'unknownPath'],
      [completionsPath, 'empty'],
    ]);
  });

  it.each([
    ['no JSON', '{"model":'],
    ['no object', '[]'],
    ['an object that names no model', '{"messages":[]}'],
  ])('includes requests whose body is %s, which get a 400', async (_name, body) => {
    const provider = await startTestProvider();
    const post = async (path: string) => {
      const response = await fetch(provider.baseUrl + path, { method: 'POST', body });
      return { status: response.status, body: await response.json() };
    };
    expect(await post(`${completionsPath}?beta=true`)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', param: null, code: null } },
    });
    expect(await post('/v1/messages')).toMatchObject({
      status: 400,
      body: { type: 'error', error: { type: 'invalid_request_error' }, request_id: 'req_2' },
    });
    expect(provider.requests).toMatchObject([
      { fault: 'invalidBody', path: completionsPath },
      { fault: 'invalidBody' },
    ]);
  });

  it('leaves out a request that broke off before all of it arrived', async () => {
    const provider = await startTestProvider();
    const socket = connect(Number(new URL(provider.baseUrl).port), '127.0.0.1');
    socket.write(`POST ${completionsPath} HTTP/1.1\r\nHost: any\r\nContent-Length: 9\r\n\r\n{`);
    await vi.waitFor(() => expect(provider.openConnections).toBe(1));
    socket.destroy();
    await vi.waitFor(() => expect(provider.openConnections).toBe(0));
    expect(provider.requestCount).toBe(0);
  });
});

describe.each(vendors)('a client of $name that goes away', (vendor) => {
  it('in the middle of a stream is noticed', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'slow', delayMs: 1, chunkDelayMs: 5 },
    });
    const caller = new AbortController();
    const { itemCount, error } = await vendor.readStream(provider, { signal: caller.signal }, () => caller.abort());
    expect({ itemCount, error }).toEqual({ itemCount: 1, error: undefined });
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });

  it('during a wait is noticed at once', async () => {
    const provider = await startTestProvider({ fault: { kind: 'slowHeaders', delayMs: 60_000 } });
    const caller = new AbortController();
    const call = rejectionOf(vendor.ask(provider, { signal: caller.signal }));
    await vi.waitFor(() => expect(provider.requestCount).toBe(1));
    caller.abort();
    expect(await call).toBeInstanceOf(vendor.errors.userAbort);
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });
});

describe('a connection that its client destroys in the middle of a stream', () => {
  it('is closed here too, and nothing more is written to it', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'slow', delayMs: 1, chunkDelayMs: 5 },
    });
    const question = request(provider.baseUrl + completionsPath, { method: 'POST', agent: false });
    question.end(JSON.stringify({ ...openAiQuestion, stream: true }));
    question.on('response', (answer) => answer.once('data', () => question.destroy()));
    question.on('error', () => {});
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
    await vi.waitFor(() => expect(provider.openConnections).toBe(0));
  });
});

describe('stopping', () => {
  it('ends hanging requests and blames no client for it', async () => {
    const provider = await startTestProvider({
      script: [{ kind: 'noHeaders' }, { kind: 'stall', afterChunks: 1 }],
      fault: { kind: 'slow', delayMs: 60_000 },
    });
    const calls = [1, 2, 3].map(() => openAiVendor.readStream(provider));
    await vi.waitFor(() => expect(provider.requestCount).toBe(3));
    expect(provider.openConnections).toBe(3);
    await provider.stop();
    expect(provider.openConnections).toBe(0);
    for (const { error } of await Promise.all(calls)) expect(error).toBeInstanceOf(Error);
    expect(provider.requests.map((request) => request.aborted)).toEqual([false, false, false]);
  });

  it('can be repeated, and refuses connections from then on', async () => {
    const provider = await startProvider();
    await openAiVendor.ask(provider);
    expect(provider.openConnections).toBe(1);
    await Promise.all([provider.stop(), provider.stop()]);
    await provider.stop();
    expect(provider.openConnections).toBe(0);
    await expect(fetch(provider.baseUrl)).rejects.toThrow('fetch failed');
    expect(provider.requestCount).toBe(1);
  });

  it('happens at the end of an `await using` block', async () => {
    const provider = await startProvider();
    {
      await using disposed = provider;
      await openAiVendor.ask(disposed);
    }
    expect(provider.openConnections).toBe(0);
  });
});
