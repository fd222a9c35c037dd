import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import type { ModelStreamPart } from '../../../src/ai-sdk.ts';
import { modelCalls } from '../../../src/llm.ts';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { readAll } from '../streams/streams.ts';
import { errorPart, finish, ScriptedModel, streamThrough, text } from './scripted-model.ts';

const start: ModelStreamPart = { type: 'stream-start' };

function setUp() {
  const failures: unknown[] = [];
  const breaker = createBreaker({ name: 'model', ...modelCalls() });
  breaker.on('failure', (failure) => failures.push(failure));
  return { model: new ScriptedModel(), breaker, failures };
}

describe('the outcome of a streamed answer', () => {
  it.each([
    ['stop', 'stop', undefined],
    ['stop', undefined, undefined],
    ['length', 'max_tokens', undefined],
    ['content-filter', 'content_filter', undefined],
    ['tool-calls', undefined, undefined],
    ['other', 'paused', undefined],
    ['error', undefined, { code: 'ERR_ANSWER_FAILED', breaker: 'model' }],
    ['interrupted', undefined, { code: 'ERR_STREAM_INTERRUPTED', itemCount: 3 }],
    ['other', undefined, { code: 'ERR_STREAM_INTERRUPTED', itemCount: 3 }],
  ])('that finished with the reason %s (%s) is told by it', async (unified, raw, counted) => {
    const { model, breaker, failures } = setUp();
    const parts = [start, text('Hello'), finish(unified, raw)];
    const { stream } = await streamThrough(breaker, model);
    model.write(...parts);
    model.end();
    expect(await readAll(stream)).toEqual(parts);
    expect(failures).toMatchObject(counted ? [counted] : []);
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: counted ? 0 : 1, inFlight: 0 });
  });

  it('that ended without a finish is a failure, of which its consumer is not told', async () => {
    const { model, breaker, failures } = setUp();
    const { stream } = await streamThrough(breaker, model);
    model.write(start, text('Hello'));
    model.end();
    expect(await readAll(stream)).toEqual([start, text('Hello')]);
    expect(failures).toMatchObject([{ code: 'ERR_STREAM_INTERRUPTED' }]);
  });

  it('is known as soon as the finish has arrived, though the stream is still open', async () => {
    const { model, breaker } = setUp();
    const { stream } = await streamThrough(breaker, model);
    model.write(text('Hello'), finish('stop'));
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    expect(breaker.metrics().successes).toBe(1);
  });

  it('is known as soon as an error has arrived, and the parts behind it still pass', async () => {
    const { model, breaker, failures } = setUp();
    const error = new Error('overloaded');
    const { stream } = await streamThrough(breaker, model);
    const reader = stream.getReader();
    model.write(text('Hello'), errorPart(error));
    expect((await reader.read()).value).toEqual(text('Hello'));
    expect((await reader.read()).value).toEqual(errorPart(error));
    expect(failures).toEqual([error]);
    model.write(errorPart('another'), finish('error'));
    model.end();
    reader.releaseLock();
    expect(await readAll(stream)).toEqual([errorPart('another'), finish('error')]);
    expect(failures).toEqual([error]);
  });

  it('is a failure with the very error that the stream throws, which passes through', async () => {
    const { model, breaker, failures } = setUp();
    const { stream } = await streamThrough(breaker, model);
    model.write(start);
    const error = new Error('terminated');
    model.fail(error);
    expect(await reasonOf(readAll(stream))).toBe(error);
    expect(failures).toEqual([error]);
  });

  it('is neutral when its consumer leaves before the first content', async () => {
    const { model, breaker } = setUp();
    const { stream } = await streamThrough(breaker, model);
    const reader = stream.getReader();
    model.write(start, text(''), { type: 'text-start' });
    for (let part = 0; part < 3; part++) await reader.read();
    await reader.cancel();
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, successes: 0, failures: 0, inFlight: 0 });
    expect(model.cancelled).toBeDefined();
    expect(model.signal?.aborted).toBe(true);
  });

  it('is a success when its consumer leaves after the first content', async () => {
    const { model, breaker } = setUp();
    const { stream } = await streamThrough(breaker, model);
    model.write(start, text('Hello'));
    for await (const part of stream) if (part.type === 'text-delta') break;
    expect(breaker.metrics()).toMatchObject({ cancelled: 0, successes: 1, inFlight: 0 });
    expect(model.cancelled).toBeDefined();
    expect(model.signal?.aborted).toBe(true);
  });

  it('stays a failure when its consumer leaves at an error', async () => {
    const { model, breaker } = setUp();
    const { stream } = await streamThrough(breaker, model);
    model.write(text('Hello'), errorPart(new Error('overloaded')));
    for await (const part of stream) if (part.type === 'error') break;
    expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 1 });
  });

  it('is judged by failureResult as if it had not been streamed', async () => {
    const judged: unknown[] = [];
    const breaker = createBreaker({ failureResult: (result) => judged.push(result) > 0 });
    const model = new ScriptedModel();
    const { stream } = await streamThrough(breaker, model);
    const call = { type: 'tool-call', toolName: 'search', input: '{}' };
    const input: ModelStreamPart = Object.assign({ type: 'tool-input-delta' }, { id: '0', delta: '{}' });
    const thought: ModelStreamPart = Object.assign({ type: 'reasoning-delta' }, { id: '0', delta: 'Hm' });
    model.write(start, thought, text('Hel'), text('two', '1'), text('lo'), input, call, finish('tool-calls'));
    model.end();
    await readAll(stream);
    expect(judged).toEqual([
      {
        content: [
          { type: 'reasoning', text: 'Hm' },
          { type: 'text', text: 'Hello' },
          { type: 'text', text: 'two' },
          call,
        ],
        finishReason: { unified: 'tool-calls', raw: undefined },
        usage: { total: 1 },
        providerMetadata: undefined,
      },
    ]);
    expect(breaker.metrics().failures).toBe(1);
  });

  it('S-43 S-47 is neutral when its caller aborts before the model responds, and a late stream is cancelled', async () => {
    const { breaker } = setUp();
    const response = createDeferred<void>();
    const model = new ScriptedModel(response.promise);
    const stop = new AbortController();
    const asking = reasonOf(streamThrough(breaker, model, { abortSignal: stop.signal }));
    await flushMicrotasks();
    stop.abort('stop');
    expect(await asking).toBe('stop');
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, inFlight: 0 });
    expect(model.signal?.reason).toBe('stop');
    response.resolve();
    await flushMicrotasks();
    expect(model.cancelled).toBeDefined();
  });
});
