import { getEventListeners } from 'node:events';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { type Runnable, RunnableBinding, RunnableLambda } from '@langchain/core/runnables';
import { ChatOpenAI } from '@langchain/openai';
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { createAgent } from 'langchain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { circuitBreakerMiddleware, guardRunnable } from '../../../src/langchain.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import {
  createModel,
  createSearch,
  expectNoUnhandledRejections,
  overloaded,
  question,
  reply,
  startTestProvider,
} from './models.ts';

const toText = new StringOutputParser();
const toHi = RunnableLambda.from(() => 'Hi');

/** A model behind a breaker that is open. */
async function startOpen() {
  const provider = await startTestProvider();
  const breaker = createBreaker();
  breaker.trip();
  const guard = <R extends Runnable>(runnable: R) => guardRunnable(runnable, breaker);
  const bare = createModel(provider);
  return { provider, breaker, guard, bare, model: guard(bare) };
}

type Open = Awaited<ReturnType<typeof startOpen>>;

/** What most models make of `withConfig`; that of OpenAI makes another model. */
function bindingOf(model: ChatOpenAI) {
  return new RunnableBinding({ bound: model, config: {}, kwargs: {} });
}

describe('circuitBreakerMiddleware', () => {
  it('wants something to guard', () => {
    for (const options of [{}, createBreaker()])
      expect(() => Reflect.apply(circuitBreakerMiddleware, undefined, [options])).toThrow(
        expect.objectContaining({ code: 'ERR_BREAKER_OPTIONS' }),
      );
  });
});

describe('guardRunnable', () => {
  it('leaves a provider alone that is overloaded, and comes back to it', async () => {
    const provider = await startTestProvider({ fault: overloaded });
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 2, recoveryTimeout: 30_000 });
    const model = guardRunnable(createModel(provider), breaker);
    await expect(model.invoke('Hi')).rejects.toMatchObject({ status: 503 });
    await expect(model.stream('Hi')).rejects.toMatchObject({ status: 503 });
    for (let call = 0; call < 5; call++)
      expect(await reasonOf(model.invoke('Hi'))).toBeInstanceOf(CircuitBreakerOpenError);
    expect(await reasonOf(model.stream('Hi'))).toBeInstanceOf(CircuitBreakerOpenError);
    expect([breaker.state, provider.requestCount]).toEqual(['open', 2]);
    clock.advance(30_000);
    await expect(model.invoke('Hi')).rejects.toMatchObject({ status: 503 });
    provider.setFault(undefined);
    clock.advance(30_000);
    expect((await model.invoke('Hi')).text).toBe(reply);
    expect([breaker.state, provider.requestCount]).toEqual(['closed', 4]);
  });

  it('counts one call per input of a batch', async () => {
    const provider = await startTestProvider({ script: ['ok', overloaded, 'ok'] });
    const breaker = createBreaker();
    const model = guardRunnable(createModel(provider), breaker);
    const results = await model.batch(['a', 'b', 'c'], {}, { maxConcurrency: 1, returnExceptions: true });
    expect(results.map((result) => (result instanceof Error ? 'failed' : result.text))).toEqual([
      reply,
      'failed',
      reply,
    ]);
    expect(breaker.metrics()).toMatchObject({ calls: 3, successes: 2, failures: 1 });
  });

  it.each<[string, (open: Open) => Promise<unknown>]>([
    ['invoke', ({ model }) => model.invoke('Hi')],
    ['stream', ({ model }) => model.stream('Hi')],
    ['batch', ({ model }) => model.batch(['Hi'])],
    ['bindTools', ({ model }) => model.bindTools([]).invoke('Hi')],
    ['withConfig', ({ model }) => model.withConfig({ tags: ['a'] }).stream('Hi')],
    ['withRetry', ({ model }) => model.withRetry({ stopAfterAttempt: 1 }).invoke('Hi')],
    ['withStructuredOutput', ({ model }) => model.withStructuredOutput(z.object({ a: z.string() })).invoke('Hi')],
    ['a pipe', ({ model }) => model.pipe(toText).invoke('Hi')],
    ['a batch of a pipe', ({ model }) => model.pipe(toText).batch(['Hi'])],
    ['a stream of a pipe', ({ model }) => model.pipe(toText).stream('Hi')],
    ['the middle of a pipe', ({ model }) => toHi.pipe(model).pipe(toText).stream('Hi')],
    ['a guarded pipe that is piped', ({ guard, bare }) => guard(bare.pipe(toText)).pipe(toHi).invoke('Hi')],
    [
      'a guarded pipe that is piped into',
      ({ guard, bare }) =>
        toHi
          .pipe(toHi)
          .pipe(guard(bare.pipe(toText)))
          .invoke(''),
    ],
    ['a batch of a guarded pipe', ({ guard, bare }) => guard(bare.pipe(toText)).batch(['Hi'])],
    ['a batch of a binding', ({ guard, bare }) => guard(bindingOf(bare)).batch(['Hi'])],
    ['an agent', ({ model }) => createAgent({ model, tools: [] }).invoke(question)],
    [
      'a binding in an agent',
      ({ guard, bare }) =>
        createAgent({ model: guard(bindingOf(bare)), tools: [createSearch(String)] }).invoke(question),
    ],
    ['streamEvents', ({ model }) => readEvents(model.streamEvents('Hi', { version: 'v2' }))],
  ])('rejects by way of %s while the circuit is open', async (_way, ask) => {
    const open = await startOpen();
    expect(CircuitBreakerOpenError.find(await reasonOf(ask(open)))).toBeDefined();
    expect(open.provider.requestCount).toBe(0);
    expect(open.breaker.metrics().rejected).toBeGreaterThan(0);
  });

  it('lets an agent, a pipe and a fallback work as they do without it', async () => {
    const provider = await startTestProvider();
    const breaker = createBreaker();
    const model = guardRunnable(createModel(provider), breaker);
    expect(await model.pipe(toText).invoke('Hi')).toBe(reply);
    expect(await readText(await model.pipe(toText).stream('Hi'))).toBe(reply);
    expect((await createAgent({ model, tools: [] }).invoke(question)).messages.at(-1)?.text).toBe(reply);
    expect(breaker.metrics()).toMatchObject({ calls: 3, successes: 3, inFlight: 0 });
    breaker.trip();
    expect((await model.withFallbacks([createModel(provider)]).invoke('Hi')).text).toBe(reply);
    expect(breaker.metrics()).toMatchObject({ calls: 3, rejected: 1 });
  });

  it('is the runnable in all other respects, and leaves the runnable unguarded', async () => {
    const provider = await startTestProvider();
    const bare = createModel(provider);
    const guarded = guardRunnable(bare, createBreaker());
    guarded.temperature = 0.5;
    expect([guarded instanceof ChatOpenAI, guarded.getName(), guarded.temperature]).toEqual([true, 'ChatOpenAI', 0.5]);
    expect([bare.temperature, bare.invoke]).toEqual([0.5, ChatOpenAI.prototype.invoke]);
  });

  it('leaves a control-flow exception of LangGraph alone', async () => {
    const { Command, ParentCommand } = await import('@langchain/langgraph');
    const command = new ParentCommand(new Command({ goto: 'elsewhere' }));
    const breaker = createBreaker({ failureThreshold: 1 });
    const node = RunnableLambda.from(() => {
      throw command;
    });
    const guarded = guardRunnable(node, breaker);
    expect(await reasonOf(guarded.invoke({}))).toBe(command);
    expect(await reasonOf(guarded.stream({}))).toBe(command);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 2, failures: 0 });
  });

  it.each([
    ['idleTimeout', { idleTimeout: 0 }],
    ['firstItemTimeout', { firstItemTimeout: '1s' }],
    ['isComplete', { isComplete: true }],
    ['clock', { clock: {} }],
    ['timeout', { timeout: 5 }],
  ])('refuses a wrong option: %s', async (option, options) => {
    const provider = await startTestProvider();
    const build = () => Reflect.apply(guardRunnable, undefined, [createModel(provider), createBreaker(), options]);
    expect(build).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option }));
  });

  it('refuses what is no breaker', async () => {
    const provider = await startTestProvider();
    const build = () => Reflect.apply(guardRunnable, undefined, [createModel(provider), {}]);
    expect(build).toThrow(new TypeError('guardRunnable wants a breaker, but was given a value of type object.'));
  });

  it('S-46 leaves no listener on a signal that many calls share', async () => {
    const breaker = createBreaker();
    const guarded = guardRunnable(toHi, breaker);
    const { signal } = new AbortController();
    const listenersBare = await listenersAfter(signal, (config) => toHi.invoke('', config));
    for (let call = 0; call < 500; call++) for await (const _chunk of await guarded.stream('', { signal }));
    expect([await listenersAfter(signal, (config) => guarded.invoke('', config)), listenersBare]).toEqual([0, 0]);
    expect(breaker.metrics()).toMatchObject({ successes: 1_000 });
  });

  it("S-44 counts AbortSignal.timeout() and LangChain's own timeout", async () => {
    expectNoUnhandledRejections();
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker();
    const model = guardRunnable(createModel(provider), breaker);
    await reasonOf(model.invoke('Hi', { signal: AbortSignal.timeout(30) }));
    await reasonOf(model.stream('Hi', { signal: AbortSignal.timeout(30) }));
    await reasonOf(model.invoke('Hi', { timeout: 30 }));
    expect(breaker.metrics()).toMatchObject({ failures: 3, cancelled: 0, inFlight: 0 });
  });
});

async function readEvents(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

async function readText(stream: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

/** How many listeners a signal has after 500 calls. */
async function listenersAfter(signal: AbortSignal, call: (config: { signal: AbortSignal }) => Promise<unknown>) {
  for (let count = 0; count < 500; count++) await call({ signal });
  return getEventListeners(signal, 'abort').length;
}
