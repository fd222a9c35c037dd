import Anthropic, { type Middleware } from '@anthropic-ai/sdk';
import {
  BreakerOptionsError,
  CircuitBreakerOpenError,
  createBreaker,
  createBreakerRegistry,
} from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { anthropicBreaker } from '../../../src/anthropic.ts';
import { modelCalls } from '../../../src/llm.ts';
import { anthropicQuestion, rejectionOf, reply, startTestProvider } from '../../provider/vendors.ts';

async function start(...middleware: Middleware[]) {
  const provider = await startTestProvider();
  const client = new Anthropic({ baseURL: provider.baseUrl, apiKey: 'any', middleware });
  return { provider, client };
}

describe('anthropicBreaker', () => {
  it('rejects with the rejection itself, without a cause that the client would look into', async () => {
    const breaker = createBreaker({ name: 'model', failureThreshold: 1, ...modelCalls() });
    const { provider, client } = await start(anthropicBreaker(breaker));
    provider.setFault({ kind: 'connectionReset' });
    const error = await rejectionOf(client.messages.create(anthropicQuestion));
    expect(CircuitBreakerOpenError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ breaker: 'model', reason: 'open' });
    expect(error).not.toHaveProperty('cause');
    expect([provider.requestCount, breaker.metrics().rejected]).toEqual([1, 1]);
    expect(breaker.metrics().lastFailure).toMatchObject({ kind: 'connection' });
  });

  it('has no retry made for a rejection whose circuit was opened by a timeout', async () => {
    const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
    const { provider, client } = await start(anthropicBreaker(breaker, { firstItemTimeout: 400 }));
    provider.setFault({ kind: 'noHeaders' });
    const error = await rejectionOf(client.messages.create(anthropicQuestion));
    expect(CircuitBreakerOpenError.isInstance(error)).toBe(true);
    expect([provider.requestCount, breaker.metrics().rejected]).toEqual([1, 1]);
  });

  it("has its rejections wrapped by the client's helper for streams, so that they have to be looked for", async () => {
    const breaker = createBreaker();
    breaker.trip();
    const { client } = await start(anthropicBreaker(breaker));
    const error = await rejectionOf(client.messages.stream(anthropicQuestion).finalText());
    expect(CircuitBreakerOpenError.isInstance(error)).toBe(false);
    expect(CircuitBreakerOpenError.find(error)).toMatchObject({ reason: 'open' });
  });

  it('chooses a breaker for each request, by its model', async () => {
    const registry = createBreakerRegistry();
    const { client } = await start(anthropicBreaker(({ model }) => registry.get(model ?? 'none')));
    await client.messages.create(anthropicQuestion);
    await client.messages.create({ ...anthropicQuestion, model: 'claude-other' });
    const successes = [...registry].map(([key, breaker]) => [key, breaker.metrics().successes]);
    expect(successes).toEqual([
      ['claude-test', 1],
      ['claude-other', 1],
    ]);
  });

  it('lets a request pass for which no breaker is chosen', async () => {
    const { provider, client } = await start(anthropicBreaker(() => undefined));
    await client.messages.create(anthropicQuestion);
    expect(provider.requestCount).toBe(1);
  });

  it('lets other middleware look into the response, plain or streamed', async () => {
    const seen: unknown[] = [];
    const breaker = createBreaker(modelCalls());
    const look: Middleware = async (request, next, context) => {
      const response = await next(request);
      seen.push(response.url === request.url, typeof (await context.parse(response)));
      return response;
    };
    const { client } = await start(look, anthropicBreaker(breaker));
    const { content } = await client.messages.create(anthropicQuestion);
    expect(content).toMatchObject([{ text: reply }]);
    expect(await client.messages.stream(anthropicQuestion).finalText()).toBe(reply);
    expect(seen).toEqual([true, 'object', true, 'object']);
    expect(breaker.metrics()).toMatchObject({ successes: 2, failures: 0 });
  });

  it('S-43 is neutral when a MessageStream is aborted', async () => {
    const breaker = createBreaker(modelCalls());
    const { provider, client } = await start(anthropicBreaker(breaker));
    provider.setFault({ kind: 'stall', afterChunks: 2 });
    const stream = client.messages.stream(anthropicQuestion);
    stream.on('text', (_delta, text) => text === 'The quick' && stream.abort());
    await rejectionOf(stream.finalText());
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, failures: 0, inFlight: 0 });
  });

  it('does not take options that it does not know', () => {
    const create = () => Reflect.apply(anthropicBreaker, undefined, [createBreaker(), { onOpen: 'response' }]);
    expect(create).toThrow(BreakerOptionsError);
    expect(() => Reflect.apply(anthropicBreaker, undefined, [undefined])).toThrow(TypeError);
  });
});
