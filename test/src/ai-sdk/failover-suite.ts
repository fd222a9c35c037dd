import { type BreakerClock, CircuitBreakerOpenError, createBreaker, systemClock } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { circuitBreakerMiddleware, type FailoverModelOptions } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { readAll, type Sdk } from './sdk.ts';

/** What holds for several models in one, in every version. */
export function failoverSuite<Model>(sdk: Sdk<Model>): void {
  /** Two models of two providers: the first wrapped by the middleware, the second with its breaker. */
  const setUp = async (fault: Fault | undefined, options: FailoverModelOptions = {}, time?: BreakerClock) => {
    const testClock = createTestClock();
    const clock = time ?? testClock;
    const a = await startTestProvider({ ...(fault && { fault }), reply: 'from a' });
    const b = await startTestProvider({ reply: 'from b' });
    const [breakerA, breakerB] = ['a', 'b'].map((name) =>
      createBreaker({ name, clock, failureThreshold: 2, ...modelCalls() }),
    );
    if (!breakerA || !breakerB) return expect.unreachable();
    const limits = { firstItemTimeout: 500, idleTimeout: 200 };
    const switches: string[] = [];
    const model = sdk.failover(
      [
        sdk.wrap(sdk.model(a.baseUrl, 'model-a'), circuitBreakerMiddleware(breakerA, limits)),
        { model: sdk.model(b.baseUrl, 'model-b'), breaker: breakerB },
      ],
      { onSwitch: ({ from, to }) => switches.push(`${from.modelId} -> ${to.modelId}`), ...options },
    );
    return { a, b, breakerA, breakerB, model, switches, clock: testClock };
  };

  describe(`several models in one with ${sdk.name}`, () => {
    it('answer by the first, whose metadata passes through', async () => {
      const { model, b, switches } = await setUp(undefined);
      expect(await sdk.ask(model)).toEqual({ text: 'from a', modelId: 'model-a' });
      expect((await readAll(sdk.stream(model))).text).toBe('from a');
      expect(b.requestCount).toBe(0);
      expect(switches).toEqual([]);
    });

    it('answer by the second during an outage of the first, which is asked again when it is over', async () => {
      const { model, a, b, breakerA, switches, clock } = await setUp({ kind: 'status', status: 503 });
      for (let call = 0; call < 4; call++) expect(await sdk.ask(model)).toEqual({ text: 'from b', modelId: 'model-b' });
      expect(a.requestCount).toBe(2);
      expect(b.requestCount).toBe(4);
      expect(breakerA.state).toBe('open');
      expect(switches).toEqual(Array(4).fill('model-a -> model-b'));
      a.setFault(undefined);
      clock.advance(60_000);
      expect(await sdk.ask(model)).toEqual({ text: 'from a', modelId: 'model-a' });
      expect(breakerA.state).toBe('closed');
    });

    it.each<Fault>([
      { kind: 'status', status: 503 },
      { kind: 'connectionReset' },
      { kind: 'noHeaders' },
      { kind: 'noFirstToken' },
      { kind: 'stall', afterChunks: 0 },
      { kind: 'cutOff', afterChunks: 0 },
      { kind: 'cutOff', afterChunks: 0, abrupt: true },
      { kind: 'streamError', afterChunks: 0 },
    ])('stream by the second when the first fails before its first content ($kind)', async (fault) => {
      const { model, breakerA, breakerB, switches } = await setUp(fault, {}, systemClock);
      let seen: Awaited<ReturnType<typeof readAll>> | undefined;
      const unhandled = await unhandledRejectionsOf(async () => {
        seen = await readAll(sdk.stream(model));
      });
      expect(unhandled).toEqual([]);
      expect(seen).toMatchObject({ text: 'from b', errors: [] });
      expect(switches).toEqual(['model-a -> model-b']);
      expect(breakerA.metrics().failures).toBe(1);
      expect(breakerB.metrics().successes).toBe(1);
    });

    it.each<Fault>([
      { kind: 'stall', afterChunks: 1 },
      { kind: 'cutOff', afterChunks: 1 },
      { kind: 'cutOff', afterChunks: 1, abrupt: true },
      { kind: 'streamError', afterChunks: 1 },
    ])('never join two outputs: a failure after the first content reaches the consumer ($kind)', async (fault) => {
      const { model, b, breakerA, switches } = await setUp(fault, {}, systemClock);
      const { text, errors } = await readAll(sdk.stream(model));
      expect(text).toBe('from');
      expect(errors).toHaveLength(1);
      expect(b.requestCount).toBe(0);
      expect(switches).toEqual([]);
      expect(breakerA.metrics().failures).toBe(1);
    });

    it('fail with an error that does not count, which another model would not mend', async () => {
      const { model, b } = await setUp({ kind: 'status', status: 400 });
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ statusCode: 400 });
      expect((await readAll(sdk.stream(model))).errors).toMatchObject([{ statusCode: 400 }]);
      expect(b.requestCount).toBe(0);
    });

    it('pass on an error in a stream that does not count', async () => {
      const { model, b } = await setUp({ kind: 'streamError', afterChunks: 0, code: 'content_filter' });
      expect((await readAll(sdk.stream(model))).errors).toMatchObject([{ code: 'content_filter' }]);
      expect(b.requestCount).toBe(0);
    });

    it("end with the caller's abort", async () => {
      const { model, a, b, switches } = await setUp({ kind: 'noHeaders' });
      const stop = new AbortController();
      const answer = reasonOf(sdk.ask(model, { abortSignal: stop.signal }));
      const streamed = readAll(sdk.stream(model, { abortSignal: stop.signal }));
      await expect.poll(() => a.requestCount).toBe(2);
      stop.abort();
      expect(await answer).toBe(stop.signal.reason);
      expect((await streamed).types).toContain('abort');
      expect(b.requestCount).toBe(0);
      expect(switches).toEqual([]);
    });

    it('end with the last error where every one failed', async () => {
      const { model, b } = await setUp({ kind: 'status', status: 503 });
      b.setFault({ kind: 'status', status: 502 });
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ statusCode: 502 });
      expect((await readAll(sdk.stream(model))).errors).toMatchObject([{ statusCode: 502 }]);
    });

    it('reject with the rejection of the circuit that recovers first where none admits the call', async () => {
      const { model, a, b, breakerA, breakerB, clock } = await setUp(undefined);
      breakerB.trip();
      clock.advance(1_000);
      breakerA.trip();
      const rejection = await reasonOf(sdk.ask(model, { maxRetries: 2 }));
      expect(CircuitBreakerOpenError.isInstance(rejection)).toBe(true);
      expect(rejection).toMatchObject({ breaker: 'b' });
      expect(a.requestCount + b.requestCount).toBe(0);
    });

    it('make the call past the circuit that recovers first where they are told to, and count nothing', async () => {
      const { model, a, b, breakerA, breakerB, clock } = await setUp(undefined, { allOpen: 'probeEarliest' });
      breakerA.trip();
      clock.advance(1_000);
      breakerB.trip();
      expect(await sdk.ask(model)).toMatchObject({ text: 'from a' });
      expect((await readAll(sdk.stream(model))).text).toBe('from a');
      breakerA.isolate();
      expect(await sdk.ask(model)).toMatchObject({ text: 'from b' });
      breakerB.isolate();
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ reason: 'isolated' });
      expect([a.requestCount, b.requestCount]).toEqual([2, 1]);
      expect([breakerA, breakerB].map((breaker) => breaker.metrics().calls)).toEqual([0, 0]);
    });

    it('can be one of several models themselves', async () => {
      const { model, breakerA, breakerB } = await setUp({ kind: 'status', status: 400 });
      const c = await startTestProvider({ reply: 'from c' });
      const outer = sdk.failover([model, sdk.model(c.baseUrl)]);
      expect(await reasonOf(sdk.ask(outer))).toMatchObject({ statusCode: 400 });
      breakerA.trip();
      breakerB.trip();
      expect(await sdk.ask(outer)).toMatchObject({ text: 'from c' });
    });
  });
}
