import {
  BreakerOptionsError,
  CircuitBreakerOpenError,
  createBreaker,
  createBreakerRegistry,
} from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { breakerFetch, type GuardedRequest } from '../../../src/fetch.ts';
import { openAiQuestion, rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { createTestClock } from '../../support/test-clock.ts';

const answer = () => new Response('fine');
const url = 'https://model.test/v1/chat';

describe('breakerFetch', () => {
  it('calls fetch with what it was called with', async () => {
    const fetch = vi.fn(async () => answer());
    const init = { method: 'POST', body: '{}' };
    const request = new Request(url);
    const guarded = breakerFetch(createBreaker(), { fetch });
    await guarded(url, init);
    await guarded(request);
    await guarded(new URL(url));
    expect(fetch.mock.calls).toEqual([
      [url, init],
      [request, undefined],
      [new URL(url), undefined],
    ]);
  });

  it('takes the global fetch as it is when a request is made', async () => {
    const guarded = breakerFetch(createBreaker());
    vi.stubGlobal('fetch', async () => answer());
    try {
      expect(await (await guarded(url)).text()).toBe('fine');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('reads a body with empty parts, which no stream of bytes may have', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of ['', 'fi', '', 'ne']) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const breaker = createBreaker();
    const guarded = breakerFetch(breaker, { fetch: async () => new Response(body) });
    expect(await (await guarded(url)).text()).toBe('fine');
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
  });

  it('throws the very error that fetch throws, and counts it', async () => {
    const down = new TypeError('fetch failed');
    const breaker = createBreaker();
    const guarded = breakerFetch(breaker, { fetch: () => Promise.reject(down) });
    expect(await rejectionOf(guarded(url))).toBe(down);
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('throws the rejection while open, with its cause, and sends nothing', async () => {
    const breaker = createBreaker({ failureThreshold: 1 });
    const fetch = vi.fn(() => Promise.reject(new TypeError('fetch failed')));
    const guarded = breakerFetch(breaker, { fetch });
    await rejectionOf(guarded(url));
    const rejection = await rejectionOf(guarded(url));
    expect(CircuitBreakerOpenError.isInstance(rejection)).toBe(true);
    expect(rejection).toMatchObject({ reason: 'open', cause: { message: 'fetch failed' } });
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('answers 503 with a Retry-After while open, where that is wanted', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 29_500, name: 'model' });
    breaker.trip();
    const response = await breakerFetch(breaker, { onOpen: 'response' })(url);
    expect([response.status, response.ok]).toEqual([503, false]);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'retry-after': '30',
      'x-should-retry': 'false',
    });
    expect(await response.json()).toEqual({
      error: {
        code: 'ERR_CIRCUIT_OPEN',
        message: 'Circuit "model" is open: the call was not made. Retry in 29500 ms.',
        type: 'circuit_open',
      },
    });
  });

  it('answers without a Retry-After where time alone changes nothing', async () => {
    const breaker = createBreaker();
    breaker.isolate();
    const response = await breakerFetch(breaker, { onOpen: 'response' })(url);
    expect(response.headers.has('retry-after')).toBe(false);
  });

  it('is neutral when another breaker behind it rejects', async () => {
    const [outer, inner] = [createBreaker(), createBreaker()];
    inner.isolate();
    const guarded = breakerFetch(outer, { fetch: breakerFetch(inner) });
    expect(CircuitBreakerOpenError.isInstance(await rejectionOf(guarded(url)))).toBe(true);
    expect(outer.metrics()).toMatchObject({ failures: 0, ignored: 1 });
  });

  it.each([
    { status: 418, code: undefined, outcome: { ignored: 1 } },
    { status: 451, code: 'insufficient_quota', outcome: { failures: 1 } },
    { status: 500, code: 'content_filter', outcome: { ignored: 1 } },
    { status: 501, code: undefined, outcome: { failures: 1 } },
  ])(
    'S-97 tells a breaker without a classifier of $status with code $code: $outcome',
    async ({ status, code, outcome }) => {
      const breaker = createBreaker();
      await breakerFetch(breaker, { fetch: async () => Response.json({ error: { code } }, { status }) })(url);
      expect(breaker.metrics()).toMatchObject({ calls: 1, ...outcome });
    },
  );

  it('has its rejections retried and wrapped by OpenAI when it throws, so that they have to be looked for', async () => {
    const provider = await startTestProvider();
    const breaker = createBreaker();
    breaker.trip();
    const options = { baseURL: `${provider.baseUrl}/v1`, apiKey: 'any', maxRetries: 1 };
    const client = new OpenAI({ ...options, fetch: breakerFetch(breaker) });
    const error = await rejectionOf(client.chat.completions.create(openAiQuestion));
    expect(CircuitBreakerOpenError.isInstance(error)).toBe(false);
    expect(CircuitBreakerOpenError.find(error)).toMatchObject({ reason: 'open' });
    expect([breaker.metrics().rejected, provider.requestCount]).toEqual([2, 0]);
  });

  it('chooses a breaker for each request, by its model if need be', async () => {
    const registry = createBreakerRegistry();
    const asked: unknown[] = [];
    const choose = (request: GuardedRequest) => {
      const { url, method, model } = request;
      asked.push({ url, method, model });
      return model === undefined ? undefined : registry.get(model);
    };
    const guarded = breakerFetch(choose, { fetch: async () => answer() });
    await (await guarded(url, { method: 'post', body: '{"model":"gpt-5"}' })).text();
    await (await guarded(new Request(url))).text();
    expect(asked).toEqual([
      { url, method: 'POST', model: 'gpt-5' },
      { url, method: 'GET', model: undefined },
    ]);
    expect([registry.size, registry.get('gpt-5').metrics().successes]).toEqual([1, 1]);
  });

  it.each([
    [{ onOpen: 'wait' }, "onOpen must be 'throw' or 'response', but was \"wait\"."],
    [{ idleTimeout: 0 }, 'idleTimeout must be a duration in milliseconds from 1 to 2147483647, but was 0.'],
    [{ fetch: 1 }, 'fetch must be a function, but was 1.'],
    [{ clock: {} }, 'clock must have the methods now, setTimeout and clearTimeout'],
    [{ firstItemTimeOut: 1 }, 'Did you mean firstItemTimeout?'],
  ])('does not take %o', (options, message) => {
    const create = () => Reflect.apply(breakerFetch, undefined, [createBreaker(), options]);
    expect(create).toThrow(message);
    expect(create).toThrow(BreakerOptionsError);
  });

  it('does not take what is no breaker', () => {
    expect(() => Reflect.apply(breakerFetch, undefined, [{}])).toThrow(TypeError);
  });
});
