import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import type { FailoverModelOptions } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { startTestProvider } from '../../provider/vendors.ts';
import { reasonOf } from '../../support/calls.ts';
import { readAll, type Sdk } from './sdk.ts';

/** When the answer of one of several models is handed on, in every version. */
export function commitSuite<Model>(sdk: Sdk<Model>): void {
  const setUp = async (fault: Fault, options: FailoverModelOptions = {}, timeout?: number) => {
    const a = await startTestProvider({ fault, reply: 'from a' });
    const b = await startTestProvider({ reply: 'from b' });
    const [breakerA, breakerB] = ['a', 'b'].map((name) => createBreaker({ name, ...modelCalls() }));
    if (!breakerA || !breakerB) return expect.unreachable();
    const served: object[] = [];
    const model = sdk.failover(
      [
        { model: sdk.model(a.baseUrl, 'model-a'), breaker: breakerA, timeout },
        { model: sdk.model(b.baseUrl, 'model-b'), breaker: breakerB },
      ],
      {
        idleTimeout: 300,
        onServed: ({ candidate, attempts, left }) =>
          served.push({ by: candidate.modelId, attempts, left: left.map(({ kind }) => kind) }),
        ...options,
      },
    );
    return { a, b, breakerA, breakerB, model, served };
  };

  describe(`the answer of one of several models with ${sdk.name}`, () => {
    it.each<Fault>([
      { kind: 'stall', afterChunks: 1 },
      { kind: 'cutOff', afterChunks: 1 },
      { kind: 'cutOff', afterChunks: 1, abrupt: true },
      { kind: 'streamError', afterChunks: 1 },
    ])("S-93 is held back until it is whole, with commit: 'end': %o", async (fault) => {
      const { model, served, breakerA } = await setUp(fault, { commit: 'end' });
      expect(await readAll(sdk.stream(model))).toMatchObject({ text: 'from b', errors: [] });
      expect(served).toMatchObject([{ by: 'model-b', attempts: 2 }]);
      expect(breakerA.metrics().failures).toBe(1);
    });

    it('S-93 is held back up to maxHeldBytes', async () => {
      const { model, b } = await setUp({ kind: 'slow', delayMs: 1 }, { commit: 'end', maxHeldBytes: 20 });
      expect((await readAll(sdk.stream(model))).errors).toEqual([expect.any(RangeError)]);
      expect(b.requestCount).toBe(0);
    });

    it('is left where it says nothing, plain or streamed', async () => {
      const { model, served } = await setUp({ kind: 'empty' });
      expect((await sdk.ask(model)).text).toBe('from b');
      expect((await readAll(sdk.stream(model))).text).toBe('from b');
      expect(served).toEqual(Array(2).fill({ by: 'model-b', attempts: 2, left: ['emptyResponse'] }));
    });

    it('that says nothing is an error where another model was to be asked and cannot be', async () => {
      const { model, breakerB } = await setUp({ kind: 'empty' });
      breakerB.trip();
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ code: 'ERR_EMPTY_ANSWER', breaker: 'a' });
    });

    it('that says nothing is handed on where there is no other model', async () => {
      const provider = await startTestProvider({ fault: { kind: 'empty' } });
      const only = sdk.failover([{ model: sdk.model(provider.baseUrl), breaker: createBreaker(modelCalls()) }]);
      expect(await readAll(sdk.stream(only))).toMatchObject({ text: '', errors: [] });
      expect((await sdk.ask(only)).text).toBe('');
    });

    it('S-92 is sought elsewhere where a model is not there, or too small, and that is not counted', async () => {
      const { model, served, breakerA, a } = await setUp({ kind: 'status', status: 404, code: 'model_not_found' });
      expect((await sdk.ask(model)).text).toBe('from b');
      a.setFault({ kind: 'status', status: 400, code: 'context_length_exceeded' });
      expect((await readAll(sdk.stream(model))).text).toBe('from b');
      expect(served).toMatchObject([{ left: ['modelNotFound'] }, { left: ['contextLength'] }]);
      expect(breakerA.metrics()).toMatchObject({ failures: 0, ignored: 2 });
    });

    it('S-92 is sought where switchOn says so', async () => {
      const { model } = await setUp(
        { kind: 'status', status: 503 },
        { switchOn: (_error, { from }) => from.modelId === 'x' },
      );
      expect(await reasonOf(sdk.ask(model))).toMatchObject({ statusCode: 503 });
    });

    it('is asked for again as often as retries says', async () => {
      const { model, a, served } = await setUp({ kind: 'status', status: 503 }, { retries: 2 });
      const headers = { 'retry-after-ms': '20' };
      a.answerWith({ kind: 'status', status: 503, headers }, { kind: 'status', status: 429, headers }, 'ok');
      expect((await sdk.ask(model)).text).toBe('from a');
      a.answerWith({ kind: 'status', status: 503, headers }, 'ok');
      expect((await readAll(sdk.stream(model))).text).toBe('from a');
      expect(served).toMatchObject([
        { by: 'model-a', attempts: 3 },
        { by: 'model-a', attempts: 2 },
      ]);
    });

    it.each<Fault>([{ kind: 'noHeaders' }, { kind: 'noFirstToken' }])(
      'comes within the timeout of its entry: %o',
      async (fault) => {
        const { model, breakerA } = await setUp(fault, { idleTimeout: undefined }, 300);
        expect((await sdk.ask(model)).text).toBe('from b');
        expect((await readAll(sdk.stream(model))).text).toBe('from b');
        expect(breakerA.metrics()).toMatchObject({ timeouts: 2, failures: 2 });
      },
    );
  });
}
