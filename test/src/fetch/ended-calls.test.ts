import Anthropic from '@anthropic-ai/sdk';
import { createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Fault, Provider } from '../../../examples/provider/index.ts';
import { anthropicBreaker } from '../../../src/anthropic.ts';
import { breakerFetch } from '../../../src/fetch.ts';
import { modelCalls } from '../../../src/llm.ts';
import { anthropicQuestion, openAiQuestion, rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';

const question = { method: 'POST', body: JSON.stringify(openAiQuestion) };

type Breaker = ReturnType<typeof createBreaker>;

/** Clients with as many retries as they have by themselves. */
const clients = {
  openai: (breaker: Breaker, { baseUrl }: Provider) => {
    const fetch = breakerFetch(breaker, { onOpen: 'response', firstItemTimeout: 400 });
    const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'any', fetch });
    return async () => client.chat.completions.create(openAiQuestion);
  },
  anthropic: (breaker: Breaker, { baseUrl }: Provider) => {
    const client = new Anthropic({ baseURL: baseUrl, apiKey: 'any', middleware: [anthropicBreaker(breaker)] });
    return async () => client.messages.create(anthropicQuestion);
  },
};

const throttled: Fault = {
  kind: 'status',
  status: 429,
  headers: { 'retry-after': '20' },
  message: 'Slow down, please.',
};
const broken: Fault = { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } };

async function setUp(name: keyof typeof clients, fault: Fault, failureThreshold: number) {
  const provider = await startTestProvider({ fault });
  const breaker = createBreaker({ failureThreshold, ...modelCalls() });
  return { provider, breaker, ask: clients[name](breaker, provider) };
}

describe.each(['openai', 'anthropic'] as const)('a call by the client of %s with its own retries', (name) => {
  it('S-90 ends with the answer that opens the circuit, which is whole', async () => {
    const { provider, breaker, ask } = await setUp(name, throttled, 5);
    const error = await rejectionOf(ask());
    expect(error).toMatchObject({ status: 429, message: expect.stringContaining('Slow down, please.') });
    expect([provider.requestCount, breaker.state, breaker.metrics().rejected]).toEqual([1, 'open', 0]);
  });

  it('S-90 is over within 100 ms of that answer', async () => {
    // The first one loads what it needs, and the machine may be busy: what is possible shows in the best of them.
    const waits: number[] = [];
    for (let call = 0; call < 4; call++) {
      const { provider, ask } = await setUp(name, throttled, 5);
      await rejectionOf(ask());
      waits.push(Date.now() - (provider.requests.at(-1)?.at ?? 0));
    }
    expect(Math.min(...waits)).toBeLessThan(100);
  });

  it('S-90 ends where the circuit has been opened by something else meanwhile', async () => {
    const { provider, breaker, ask } = await setUp(name, broken, 5);
    breaker.on('failure', () => breaker.isolate());
    expect(await rejectionOf(ask())).toMatchObject({ status: 503 });
    expect([provider.requestCount, breaker.state, breaker.metrics().rejected]).toEqual([1, 'isolated', 0]);
  });

  it('S-90 is tried again after an answer that opens nothing', async () => {
    const { provider, breaker, ask } = await setUp(name, broken, 5);
    expect(await rejectionOf(ask())).toMatchObject({ status: 503 });
    expect([provider.requestCount, breaker.state]).toEqual([3, 'closed']);
  });

  it('S-90 is tried again until the answer that opens the circuit', async () => {
    const { provider, breaker, ask } = await setUp(name, broken, 2);
    expect(await rejectionOf(ask())).toMatchObject({ status: 503 });
    expect([provider.requestCount, breaker.state, breaker.metrics().rejected]).toEqual([2, 'open', 0]);
  });

  it('S-90 is tried again under a breaker that only watches, though its circuit is open', async () => {
    const provider = await startTestProvider({ fault: broken });
    const breaker = createBreaker(modelCalls());
    const watching = new Proxy(breaker, {
      get(target, property) {
        if (property === 'shadow') return true;
        if (property === 'state') return 'open';
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await rejectionOf(clients[name](watching, provider)())).toMatchObject({ status: 503 });
    expect(provider.requestCount).toBe(3);
  });
});

describe('a request that fails without a response', () => {
  it.each([
    [{ kind: 'connectionReset' }, 503, 'connection'],
    [{ kind: 'noHeaders' }, 504, 'timeout'],
  ] satisfies [Fault, number, string][])(
    'S-90 is answered where it opens the circuit: %o',
    async (fault, status, kind) => {
      const { provider, breaker, ask } = await setUp('openai', fault, 1);
      const error = await rejectionOf(ask());
      expect(error).toMatchObject({ status });
      expect(error).toMatchObject({ headers: expect.any(Headers) });
      expect([provider.requestCount, breaker.state, breaker.metrics().rejected]).toEqual([1, 'open', 0]);
      // A breaker further out takes it for what it is, and not for a rejection.
      expect(modelCalls().classifyError(error)).toMatchObject({ kind, counts: true });
    },
  );

  it('S-90 is tried again where its connection fails and opens nothing', async () => {
    const { provider, breaker, ask } = await setUp('openai', { kind: 'connectionReset' }, 5);
    expect(await rejectionOf(ask())).toBeInstanceOf(OpenAI.APIConnectionError);
    expect([provider.requestCount, breaker.state]).toEqual([3, 'closed']);
  });

  it('is answered where a deadline of its own has passed, which the client would make three times as long', async () => {
    const { provider, breaker, ask } = await setUp('openai', { kind: 'noHeaders' }, 5);
    expect(await rejectionOf(ask())).toMatchObject({ status: 504 });
    expect([provider.requestCount, breaker.metrics().timeouts]).toEqual([1, 1]);
  });

  it.each<Fault>([{ kind: 'connectionReset' }, { kind: 'noHeaders' }])(
    "S-90 throws with onOpen: 'throw': %o",
    async (fault) => {
      const provider = await startTestProvider({ fault });
      const breaker = createBreaker({ failureThreshold: 1 });
      const error = await reasonOf(
        breakerFetch(breaker, { firstItemTimeout: 400 })(`${provider.baseUrl}/v1/chat/completions`, question),
      );
      expect(error).toBeInstanceOf(Error);
      expect(breaker.state).toBe('open');
    },
  );

  it('S-43 throws what the caller has aborted', async () => {
    const { provider } = await setUp('openai', { kind: 'noHeaders' }, 1);
    const breaker = createBreaker({ failureThreshold: 1 });
    const stop = new AbortController();
    const url = `${provider.baseUrl}/v1/chat/completions`;
    const call = reasonOf(breakerFetch(breaker, { onOpen: 'response' })(url, { ...question, signal: stop.signal }));
    stop.abort('stop');
    breaker.trip();
    expect(await call).toBe('stop');
  });
});
