import { createBreaker } from 'agent-circuit-breaker';
import { APICallError } from 'ai';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { modelMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';
import { readAll, type Sdk } from './sdk.ts';

const throttled: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '20' }, message: 'Slow down.' };
const broken: Fault = { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } };
const ofItself = { maxRetries: 2 };

/** What holds for the retries of every version. */
export function endedCallsSuite<Model>(sdk: Sdk<Model>): void {
  const setUp = async (fault: Fault, failureThreshold: number) => {
    const provider = await startTestProvider({ fault });
    const breaker = createBreaker({ failureThreshold, ...modelCalls() });
    const model = sdk.wrap(sdk.model(provider.baseUrl), modelMiddleware(breaker));
    return { provider, breaker, model };
  };

  describe(`a call of ${sdk.name} with its own retries`, () => {
    it('S-90 ends with the answer that opens the circuit, whose error is a copy that is not retried', async () => {
      const { provider, breaker, model } = await setUp(throttled, 5);
      const error = await reasonOf(sdk.ask(model, ofItself));
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 429, isRetryable: false });
      expect(error).toMatchObject({ message: 'Slow down.', cause: { statusCode: 429, isRetryable: true } });
      expect(modelCalls().classifyError(error)).toMatchObject({ kind: 'rateLimit', openFor: expect.any(Number) });
      expect([provider.requestCount, breaker.state, breaker.metrics().rejected]).toEqual([1, 'open', 0]);
    });

    it('S-90 is over within 100 ms of that answer', async () => {
      // The first one loads what it needs, and the machine may be busy: what is possible shows in the best of them.
      const waits: number[] = [];
      for (let call = 0; call < 4; call++) {
        const { provider, model } = await setUp(throttled, 5);
        await reasonOf(sdk.ask(model, ofItself));
        waits.push(Date.now() - (provider.requests.at(-1)?.at ?? 0));
      }
      expect(Math.min(...waits)).toBeLessThan(100);
    });

    it('S-90 ends a stream so, too', async () => {
      const { provider, breaker, model } = await setUp(throttled, 5);
      const { errors } = await readAll(sdk.stream(model, ofItself));
      expect(errors).toMatchObject([{ statusCode: 429, isRetryable: false }]);
      expect([provider.requestCount, breaker.metrics().rejected]).toEqual([1, 0]);
    });

    it("S-90 ends a later attempt with the SDK's error of them all", async () => {
      const { provider, breaker, model } = await setUp(broken, 2);
      const error = await reasonOf(sdk.ask(model, ofItself));
      expect(error).toMatchObject({ name: 'AI_RetryError', reason: 'errorNotRetryable' });
      expect(error).toMatchObject({ lastError: { statusCode: 503, isRetryable: false } });
      expect([provider.requestCount, breaker.metrics().rejected]).toEqual([2, 0]);
    });

    it('S-90 is tried again after an answer that opens nothing, whose error is the original', async () => {
      const { provider, breaker, model } = await setUp(broken, 5);
      const error = await reasonOf(sdk.ask(model, ofItself));
      expect(error).toMatchObject({ reason: 'maxRetriesExceeded', lastError: { statusCode: 503, isRetryable: true } });
      expect([provider.requestCount, breaker.state]).toEqual([3, 'closed']);
    });

    it('S-90 is tried again where one of several models can still be asked', async () => {
      const { provider, model } = await setUp(broken, 5);
      const other = await setUp(broken, 1);
      const error = await reasonOf(sdk.ask(sdk.failover([model, other.model]), ofItself));
      expect(error).toMatchObject({ reason: 'maxRetriesExceeded' });
      expect([provider.requestCount, other.provider.requestCount]).toEqual([3, 1]);
    });

    it('S-90 ends where none of several models can be asked any more', async () => {
      const [a, b] = [await setUp(throttled, 5), await setUp(throttled, 5)];
      const error = await reasonOf(sdk.ask(sdk.failover([a.model, b.model]), ofItself));
      expect(error).toMatchObject({ statusCode: 429, isRetryable: false, cause: { isRetryable: true } });
      expect([a.provider.requestCount, b.provider.requestCount]).toEqual([1, 1]);
    });
  });
}
