import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { circuitBreakerMiddleware } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { readAll, type Sdk } from './sdk.ts';

/** What a caller's abort and a caller's timeout come to in every version. */
export function abortSuite<Model>(sdk: Sdk<Model>): void {
  const setUp = async (fault: Fault) => {
    const provider = await startTestProvider({ fault });
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1, ...modelCalls() });
    const model = sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker));
    return { provider, clock, breaker, model };
  };

  describe(`an abort with ${sdk.name}`, () => {
    it.each([undefined, 'stop', new Error('stop')])(
      'S-43 of 50 answers counts nothing, whatever its reason: %s',
      async (reason) => {
        const { provider, breaker, model } = await setUp({ kind: 'noHeaders' });
        for (let call = 1; call <= 50; call++) {
          const stop = new AbortController();
          const answer = reasonOf(sdk.ask(model, { abortSignal: stop.signal }));
          await expect.poll(() => provider.requestCount, { interval: 1 }).toBe(call);
          stop.abort(reason);
          expect(await answer).toBe(stop.signal.reason);
        }
        expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 50 });
      },
    );

    it.each<Fault>([{ kind: 'noHeaders' }, { kind: 'noFirstToken' }, { kind: 'stall', afterChunks: 2 }])(
      'S-43 of a stream counts nothing and ends it at once ($kind)',
      async (fault) => {
        const { provider, breaker, model } = await setUp(fault);
        const stop = new AbortController();
        const unhandled = await unhandledRejectionsOf(async () => {
          const reading = readAll(sdk.stream(model, { abortSignal: stop.signal }), ({ text }) => {
            if (text?.endsWith('quick')) stop.abort();
          });
          await expect.poll(() => provider.requestCount).toBe(1);
          if (fault.kind !== 'stall') setTimeout(() => stop.abort(), 30);
          const { types, errors } = await reading;
          expect(types).toContain('abort');
          expect(errors).toEqual([]);
          await expect.poll(() => provider.requests).toMatchObject([{ aborted: true }]);
        });
        expect(unhandled).toEqual([]);
        expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, cancelled: 1 });
      },
    );

    it('S-43 of a trial gives its slot back', async () => {
      const { provider, clock, breaker, model } = await setUp({ kind: 'noFirstToken' });
      breaker.trip();
      clock.advance(60_000);
      const stop = new AbortController();
      const reading = readAll(sdk.stream(model, { abortSignal: stop.signal }));
      await expect.poll(() => provider.requestCount).toBe(1);
      expect(breaker.tryAcquire()).toBeUndefined();
      stop.abort();
      await reading;
      expect(breaker.state).toBe('halfOpen');
      expect(breaker.tryAcquire()).toBeDefined();
    });

    it('S-44 by AbortSignal.timeout() is a failure of an answer', async () => {
      const { breaker, model } = await setUp({ kind: 'noHeaders' });
      expect(await reasonOf(sdk.ask(model, { abortSignal: AbortSignal.timeout(50) }))).toMatchObject({
        name: 'TimeoutError',
      });
      expect(breaker.metrics()).toMatchObject({ state: 'open', lastFailure: { kind: 'timeout' } });
    });

    it.each<Fault>([{ kind: 'noHeaders' }, { kind: 'noFirstToken' }, { kind: 'stall', afterChunks: 2 }])(
      'S-44 by AbortSignal.timeout() is a failure of a stream ($kind)',
      async (fault) => {
        const { breaker, model } = await setUp(fault);
        await readAll(sdk.stream(model, { abortSignal: AbortSignal.timeout(100) }));
        expect(breaker.metrics()).toMatchObject({ state: 'open', lastFailure: { kind: 'timeout' } });
      },
    );

    it('S-45 before the call asks neither the circuit nor the model', async () => {
      const { provider, breaker, model } = await setUp({ kind: 'noHeaders' });
      const abortSignal = AbortSignal.abort();
      await reasonOf(sdk.ask(model, { abortSignal }));
      await readAll(sdk.stream(model, { abortSignal }));
      expect(breaker.metrics().calls).toBe(0);
      expect(provider.requestCount).toBe(0);
    });
  });
}
