import { createBreaker } from 'agent-circuit-breaker';
import type { LanguageModel } from 'ai';
import type { LanguageModel as Ai6LanguageModel } from 'ai6';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { failoverModel, type SupportedUrls } from '../../../src/ai-sdk.ts';
import { reasonOf } from '../../support/calls.ts';
import { readAll } from '../streams/streams.ts';
import { errorPart, finish, ScriptedModel, text } from './scripted-model.ts';
import { ai6Sdk, ai7Sdk } from './sdk.ts';

function modelWith(modelId: string, supportedUrls: SupportedUrls | Promise<SupportedUrls> = {}) {
  const streaming = new ScriptedModel();
  return {
    ...{ specificationVersion: 'v4' as const, provider: 'scripted', modelId, supportedUrls, streaming },
    doGenerate: async (): Promise<unknown> => `from ${modelId}`,
    doStream: (params: { readonly abortSignal?: AbortSignal | undefined }) => streaming.doStream(params),
  };
}

describe('failoverModel', () => {
  it('makes a language model of the same version as its members', () => {
    const breaker = createBreaker();
    const url = 'http://127.0.0.1:1';
    expectTypeOf(failoverModel([{ model: ai7Sdk.model(url), breaker }, ai7Sdk.model(url)])).toExtend<LanguageModel>();
    expectTypeOf(failoverModel([{ model: ai6Sdk.model(url), breaker }])).toExtend<Ai6LanguageModel>();
    expect(failoverModel([ai7Sdk.model(url, 'a'), ai7Sdk.model(url, 'b')])).toMatchObject({
      ...{ specificationVersion: 'v4', provider: 'local.chat', modelId: 'a' },
    });
    expect(failoverModel([ai6Sdk.model(url)]).specificationVersion).toBe('v3');
  });

  it('loads from URLs by itself only what each of the models does', async () => {
    const first = modelWith('a', { 'image/*': [/^https:/, /^data:/], 'application/pdf': [/^https:/] });
    const second = modelWith('b', Promise.resolve({ 'image/*': [/^https:/], 'audio/*': [/./] }));
    const { supportedUrls } = failoverModel([first, { model: second, breaker: createBreaker() }]);
    expect(await supportedUrls).toEqual({ 'image/*': [/^https:/] });
  });

  it('goes on after every error of a model without a circuit', async () => {
    const failing = { ...modelWith('a'), doGenerate: () => Promise.reject(new Error('down')) };
    const seen: unknown[] = [];
    const model = failoverModel([failing, modelWith('b')], { onSwitch: (event) => seen.push(event) });
    expect(await model.doGenerate({})).toBe('from b');
    expect(seen).toMatchObject([
      { type: 'failover.switched', from: { modelId: 'a' }, to: { modelId: 'b' }, error: { message: 'down' } },
    ]);
  });

  it('is not disturbed by an onSwitch that throws', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {});
    const failing = { ...modelWith('a'), doGenerate: () => Promise.reject(new Error('down')) };
    const onSwitch = () => {
      throw new Error('onSwitch is broken');
    };
    expect(await failoverModel([failing, modelWith('b')], { onSwitch }).doGenerate({})).toBe('from b');
    expect(report).toHaveBeenCalledOnce();
    report.mockRestore();
  });

  it('cancels the stream that it leaves', async () => {
    const [first, second] = [modelWith('a'), modelWith('b')];
    const breaker = createBreaker();
    const model = failoverModel([{ model: first, breaker }, second]);
    first.streaming.write({ type: 'stream-start' }, errorPart(new Error('overloaded')));
    second.streaming.write({ type: 'stream-start' }, text('Hello'));
    second.streaming.end();
    const { stream } = await model.doStream({});
    expect(await readAll(stream)).toEqual([{ type: 'stream-start' }, text('Hello')]);
    expect(first.streaming.cancelled).toBeDefined();
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('passes on what the last one streams, an error before its first content, too', async () => {
    const last = modelWith('b');
    const parts = [{ type: 'stream-start' }, errorPart(new Error('overloaded')), finish('error')];
    last.streaming.write(...parts);
    last.streaming.end();
    const failing = { ...modelWith('a'), doStream: () => Promise.reject(new Error('down')) };
    const { stream } = await failoverModel([failing, { model: last, breaker: createBreaker() }]).doStream({});
    expect(await readAll(stream)).toEqual(parts);
  });

  it('cancels the stream that its consumer leaves', async () => {
    const only = modelWith('a');
    only.streaming.write(text('Hello'), text('there'));
    const { stream } = await failoverModel([only]).doStream({});
    for await (const part of stream) if (part.type === 'text-delta') break;
    expect(only.streaming.cancelled).toBeDefined();
  });

  it('lets one call at a time past open circuits', async () => {
    const breaker = createBreaker();
    breaker.trip();
    const model = failoverModel([{ model: modelWith('a'), breaker }], { allOpen: 'probeEarliest' });
    const [first, second] = [model.doGenerate({}), reasonOf(Promise.resolve(model.doGenerate({})))];
    expect(await first).toBe('from a');
    expect(await second).toMatchObject({ reason: 'open' });
  });

  it('has the limits of its options for the entries with a breaker', async () => {
    const breaker = createBreaker();
    const model = failoverModel([{ model: modelWith('a'), breaker }], { firstItemTimeout: 20 });
    expect(await reasonOf(Promise.resolve(model.doStream({})))).toMatchObject({
      code: 'ERR_CALL_TIMEOUT',
      timeoutMs: 20,
    });
  });

  it('refuses a wrong list or options, and says what is wrong', () => {
    expect(() => failoverModel([])).toThrow('failoverModel wants at least one model');
    const models = [modelWith('a')];
    expect(() => failoverModel(models, { idleTimeout: -1 })).toThrow('idleTimeout');
    for (const entry of [undefined, 5, {}, { model: models[0] }, { breaker: createBreaker() }])
      expect(() => Reflect.apply(failoverModel, undefined, [[entry]])).toThrow(
        'failoverModel wants models, or objects',
      );
    for (const options of [{ allOpen: 'wait' }, { onSwitch: 1 }, { signal: AbortSignal.abort() }])
      expect(() => Reflect.apply(failoverModel, undefined, [models, options])).toThrow(Object.keys(options)[0]);
  });
});
