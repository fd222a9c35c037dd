import { CircuitBreakerOpenError, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { circuitBreakerMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reply, startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import type { Sdk } from './sdk.ts';

/** How often the SDK retries unless it is told otherwise. */
const sdkRetries = 2;

/** What holds for `generateText` in every version. */
export function generateSuite<Model>(sdk: Sdk<Model>): void {
  describe(`generateText of ${sdk.name} through a circuit`, () => {
    it('is not made during an outage, and is made again after a trial that went well', async () => {
      const provider = await startTestProvider({ fault: { kind: 'status', status: 503 } });
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 3, recoveryTimeout: 30_000, ...modelCalls() });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      for (let call = 0; call < 3; call++)
        expect(await reasonOf(sdk.ask(model))).toMatchObject({ name: 'AI_APICallError', statusCode: 503 });
      expect(breaker.state).toBe('open');
      for (let call = 0; call < 5; call++) expect(await reasonOf(sdk.ask(model))).toMatchObject({ reason: 'open' });
      expect(provider.requestCount).toBe(3);
      provider.setFault(undefined);
      clock.advance(30_000);
      expect(breaker.state).toBe('halfOpen');
      expect(await sdk.ask(model)).toMatchObject({ text: reply });
      expect(breaker.state).toBe('closed');
      expect(provider.requestCount).toBe(4);
    });

    it("passes each of the SDK's own attempts, three for one failed call", async () => {
      const headers = { 'retry-after-ms': '1' };
      const provider = await startTestProvider({ fault: { kind: 'status', status: 500, headers } });
      const breaker = createBreaker();
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      const error = await reasonOf(sdk.ask(model, { maxRetries: sdkRetries }));
      expect(error).toMatchObject({ name: 'AI_RetryError', reason: 'maxRetriesExceeded' });
      expect(breaker.metrics().consecutiveFailures).toBe(3);
      expect(provider.requestCount).toBe(3);
    });

    it('rejects with the bare rejection, which the SDK does not retry', async () => {
      const provider = await startTestProvider();
      const breaker = createBreaker();
      breaker.trip();
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      const error = await reasonOf(sdk.ask(model, { maxRetries: sdkRetries }));
      expect(CircuitBreakerOpenError.isInstance(error)).toBe(true);
      expect(breaker.metrics().rejected).toBe(1);
      expect(provider.requestCount).toBe(0);
    });

    it('S-90 ends the retries of a call whose own failure opened the circuit, with that failure', async () => {
      const headers = { 'retry-after': '20' };
      const provider = await startTestProvider({ fault: { kind: 'status', status: 503, headers } });
      const breaker = createBreaker({ failureThreshold: 1 });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      const error = await reasonOf(sdk.ask(model, { maxRetries: sdkRetries }));
      expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 503, isRetryable: false });
      expect(error).toMatchObject({ cause: { name: 'AI_APICallError', isRetryable: true } });
      expect([provider.requestCount, breaker.metrics().rejected]).toEqual([1, 0]);
    });

    it('counts no bad request', async () => {
      const provider = await startTestProvider({ fault: { kind: 'status', status: 400 } });
      const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ statusCode: 400 });
      expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1, failures: 0 });
    });

    it('counts a finished answer without content, and passes it on', async () => {
      const provider = await startTestProvider({ fault: { kind: 'empty' } });
      const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      expect(await sdk.ask(model)).toMatchObject({ text: '' });
      expect(breaker.state).toBe('open');
    });

    it('takes a breaker of a registry for each provider and model', async () => {
      const provider = await startTestProvider({ fault: { kind: 'status', status: 503 } });
      const registry = createBreakerRegistry({ failureThreshold: 1 });
      const middleware = circuitBreakerMiddleware(registry);
      const [a, b] = ['a', 'b'].map((id) => sdk.wrap(sdk.model(provider.baseUrl, id), middleware));
      await reasonOf(sdk.ask(a ?? expect.unreachable()));
      expect(registry.get('local.chat/a').state).toBe('open');
      await reasonOf(sdk.ask(b ?? expect.unreachable()));
      expect(registry.get('local.chat/b').state).toBe('open');
      expect(provider.requestCount).toBe(2);
    });

    it('asks a function for the breaker of a model', async () => {
      const provider = await startTestProvider();
      const breaker = createBreaker();
      const asked: string[] = [];
      const middleware = circuitBreakerMiddleware(({ provider, modelId }) => {
        asked.push(`${provider} ${modelId}`);
        return breaker;
      });
      await sdk.ask(sdk.wrap(sdk.model(provider.baseUrl), middleware));
      expect(asked).toEqual(['local.chat model-a']);
      expect(breaker.metrics().successes).toBe(1);
    });

    it("has the breaker's timeout as its deadline, which ends the request, too", async () => {
      const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
      const breaker = createBreaker({ timeout: 250, failureThreshold: 1 });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ code: 'ERR_CALL_TIMEOUT' });
      expect(breaker.state).toBe('open');
      await expect.poll(() => provider.requests).toMatchObject([{ aborted: true }]);
    });

    it('S-47 leaves no rejection unhandled when the deadline passes or the circuit rejects', async () => {
      const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
      const breaker = createBreaker({ timeout: 250, failureThreshold: 1 });
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      const unhandled = await unhandledRejectionsOf(async () => {
        await reasonOf(sdk.ask(model));
        await reasonOf(sdk.ask(model));
        await expect.poll(() => provider.requests).toMatchObject([{ aborted: true }]);
      });
      expect(unhandled).toEqual([]);
      expect(breaker.metrics().failures).toBe(1);
    });

    it("gives the breaker's fallback no part", async () => {
      const provider = await startTestProvider();
      const breaker = createBreaker({ fallback: () => 'sorry' });
      breaker.trip();
      const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
      expect(CircuitBreakerOpenError.isInstance(await reasonOf(sdk.ask(model)))).toBe(true);
    });
  });
}
