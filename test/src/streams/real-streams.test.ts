import Anthropic from '@anthropic-ai/sdk';
import { createBreaker, type StreamOptions } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type Provider, startProvider } from '../../../examples/provider/index.ts';
import { reasonOf } from '../../support/calls.ts';
import { readAll } from './streams.ts';

/** Real time: the faults happen in a real server. */
const limits = { firstItemTimeout: 300, idleTimeout: 300 };

interface Vendor {
  readonly name: string;
  /** Streams an answer past a breaker. */
  stream(
    provider: Provider,
    breaker: ReturnType<typeof createBreaker>,
    options?: StreamOptions<unknown>,
  ): AsyncIterable<unknown>;
}

const vendors: readonly Vendor[] = [
  {
    name: 'openai',
    stream({ baseUrl }, breaker, options) {
      const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
      const ask = ({ signal }: { readonly signal: AbortSignal }) =>
        client.chat.completions.create({ model: 'gpt', stream: true, messages: [] }, { signal });
      return breaker.stream(ask, {
        ...{ ...limits, ...options },
        isComplete: (chunk) => chunk.choices[0]?.finish_reason != null,
      });
    },
  },
  {
    name: 'anthropic',
    stream({ baseUrl }, breaker, options) {
      const client = new Anthropic({ baseURL: baseUrl, apiKey: 'none', maxRetries: 0 });
      const ask = ({ signal }: { readonly signal: AbortSignal }) =>
        client.messages.create({ model: 'claude', max_tokens: 10, stream: true, messages: [] }, { signal });
      return breaker.stream(ask, { ...{ ...limits, ...options }, isComplete: ({ type }) => type === 'message_stop' });
    },
  },
];

const failing: readonly { readonly fault: Fault; readonly error: RegExp | undefined }[] = [
  { fault: { kind: 'status', status: 529 }, error: /Error/ },
  { fault: { kind: 'connectionReset' }, error: /APIConnectionError/ },
  { fault: { kind: 'noHeaders' }, error: /CallTimeoutError/ },
  { fault: { kind: 'slowHeaders', delayMs: 2_000 }, error: /CallTimeoutError/ },
  { fault: { kind: 'noFirstToken' }, error: /CallTimeoutError/ },
  { fault: { kind: 'stall', afterChunks: 2 }, error: /CallTimeoutError/ },
  { fault: { kind: 'streamError', afterChunks: 2 }, error: /APIError|Error/ },
  { fault: { kind: 'cutOff', afterChunks: 2, abrupt: true }, error: /./ },
  // The connection ends in order: no client tells that anything is missing.
  { fault: { kind: 'cutOff', afterChunks: 2 }, error: undefined },
];

describe.each(vendors)('a stream of $name', ({ stream }) => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await startProvider();
  });
  afterAll(() => provider.stop());

  it('is a success when it is whole', async () => {
    provider.setFault(undefined);
    const breaker = createBreaker();
    expect((await readAll(stream(provider, breaker))).length).toBeGreaterThan(3);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, inFlight: 0 });
  });

  it.each(failing)('is a failure with $fault.kind, and the next one opens the circuit', async ({ fault, error }) => {
    provider.setFault(fault);
    const breaker = createBreaker({ failureThreshold: 2 });
    for (let call = 0; call < 2; call++) {
      const reading = readAll(stream(provider, breaker));
      if (error) expect(nameOf(await reasonOf(reading))).toMatch(error);
      else await reading;
    }
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 2, inFlight: 0 });
    const { requestCount } = provider;
    expect(nameOf(await reasonOf(readAll(stream(provider, breaker))))).toBe('CircuitBreakerOpenError');
    expect(provider.requestCount).toBe(requestCount);
  });

  it('S-43 is neutral when its caller stops it in the middle', async () => {
    provider.setFault({ kind: 'stall', afterChunks: 2 });
    const breaker = createBreaker();
    const controller = new AbortController();
    let items = 0;
    const read = async () => {
      for await (const _item of stream(provider, breaker, { signal: controller.signal, idleTimeout: 10_000 }))
        if (++items === 2) setTimeout(() => controller.abort('stop'), 20);
    };
    expect(await reasonOf(read())).toBe('stop');
    expect(breaker.metrics()).toMatchObject({ calls: 1, cancelled: 1, failures: 0, inFlight: 0 });
  });

  it('S-44 is a failure when AbortSignal.timeout() of its caller ends it', async () => {
    provider.setFault({ kind: 'noFirstToken' });
    const breaker = createBreaker();
    const options = { signal: AbortSignal.timeout(50), firstItemTimeout: 10_000 };
    expect(nameOf(await reasonOf(readAll(stream(provider, breaker, options))))).toBe('TimeoutError');
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, cancelled: 0 });
  });

  it('cancels the request when its consumer has had enough', async () => {
    provider.setFault({ kind: 'slow', delayMs: 0, chunkDelayMs: 50 });
    const breaker = createBreaker();
    for await (const _item of stream(provider, breaker)) break;
    await expect.poll(() => provider.requests.at(-1)?.aborted).toBe(true);
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });
});

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name === 'Error' ? error.constructor.name : error.name}` : typeof error;
}
