import { getEventListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { createBreaker, failover, type RunContext } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../../examples/provider/index.ts';
import { reasonOf } from '../../support/calls.ts';

const listenersOn = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('the body of a response that came out of run', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    // A body that begins and never ends.
    server = createServer((_request, response) => response.writeHead(200).write('begun'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${portOf(server)}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = ({ signal }: RunContext) => fetch(url, { signal });

  it.each<[string, (response: Response) => Promise<unknown>]>([
    ['as a text', (response) => response.text()],
    ['of a copy', (response) => response.clone().text()],
    ['chunk by chunk', async ({ body }) => body && readToEnd(body)],
    ['through a pipe', async ({ body }) => body && readToEnd(body.pipeThrough(new TextDecoderStream()))],
  ])('S-48 is ended by the abort of the caller while it is read %s', async (_name, read) => {
    const breaker = createBreaker();
    const controller = new AbortController();
    const response = await breaker.run(ask, { signal: controller.signal });
    const reading = reasonOf(read(response));
    controller.abort(new Error('stop'));
    expect(await reading).toBe(controller.signal.reason);
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0, cancelled: 0 });
    expect(listenersOn(controller.signal)).toBe(0);
  });

  it('S-48 is ended by the abort of the caller of failover', async () => {
    const controller = new AbortController();
    const candidates = [{ breaker: createBreaker() }];
    const response = await failover(candidates, (_candidate, context) => ask(context), { signal: controller.signal });
    const reading = reasonOf(response.text());
    controller.abort(new Error('stop'));
    expect(await reading).toBe(controller.signal.reason);
  });

  it('S-48 is not ended by the deadline of the run', async () => {
    const breaker = createBreaker();
    const response = await breaker.run(ask, { timeout: 5000, signal: new AbortController().signal });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect(breaker.metrics().timeouts).toBe(0);
    await reader?.cancel();
  });
});

describe('the stream of an SDK that came out of run', () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await startProvider();
  });
  beforeEach(() => provider.setFault({ kind: 'stall', afterChunks: 2 }));
  afterAll(() => provider.stop());

  // The types of `run` refuse what they can tell from a result.
  const vendors: Readonly<Record<string, (context: RunContext) => Promise<unknown>>> = {
    openai: ({ signal }) =>
      new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 }).chat.completions.create(
        { model: 'gpt', stream: true, messages: [] },
        { signal },
      ),
    anthropic: ({ signal }) =>
      new Anthropic({ baseURL: provider.baseUrl, apiKey: 'none', maxRetries: 0 }).messages.create(
        { model: 'claude', max_tokens: 10, stream: true, messages: [] },
        { signal },
      ),
  };

  it.each(Object.entries(vendors))('S-48 is ended by the abort of the caller: %s', async (_name, ask) => {
    const controller = new AbortController();
    const stream = await createBreaker().run(ask, { signal: controller.signal });
    if (!isAsyncIterable(stream)) throw new Error('expected a stream');
    let items = 0;
    const reading = (async () => {
      for await (const _item of stream) if (++items === 1) controller.abort('stop');
    })();
    // What the SDK makes of an abort, an error or an end, is its own affair.
    await reading.catch(() => {});
    expect(items).toBeGreaterThan(0);
    expect(listenersOn(controller.signal)).toBe(0);
  });
});

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function readToEnd(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _chunk of stream) {
    // Only the end matters.
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
