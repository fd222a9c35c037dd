import {
  type BreakerActorRef,
  CircuitBreakerOpenError,
  createBreaker,
  createBreakerMachine,
  guarded,
} from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { assign, createActor, fromPromise, setup, waitFor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');
const ask = fromPromise<string, string>(async ({ input }) => {
  if (input === 'fail') throw down;
  return `asked for ${input}`;
});

/** What an agent hears of one question. */
async function askOnce(logic: ReturnType<typeof guardedAsk>, input = 'help') {
  const agent = setup({ types: { context: {} as { heard: unknown } }, actors: { ask: logic } }).createMachine({
    context: { heard: undefined },
    initial: 'asking',
    states: {
      asking: {
        invoke: {
          src: 'ask',
          input,
          onDone: { target: 'over', actions: assign({ heard: ({ event }) => event.output }) },
          onError: { target: 'over', actions: assign({ heard: ({ event }) => event.error }) },
        },
      },
      over: {},
    },
  });
  const actor = createActor(agent).start();
  return (await waitFor(actor, (snapshot) => snapshot.matches('over'))).context.heard;
}

function guardedAsk(source: Parameters<typeof guarded<typeof ask>>[1]) {
  return guarded(ask, source);
}

describe('guarded', () => {
  it.each([undefined, {}, async () => 'no logic'])('wants actor logic, not %o', (logic) => {
    expect(() => Reflect.apply(guarded, undefined, [logic, createBreaker()])).toThrow('guarded wants actor logic');
  });
});

describe('an invoked actor behind a breaker', () => {
  it('tells its parent the output, its own error, or the rejection', async () => {
    const breaker = createBreaker({ failureThreshold: 1 });
    const logic = guardedAsk(breaker);
    expect(await askOnce(logic)).toBe('asked for help');
    expect(await askOnce(logic, 'fail')).toBe(down);
    expect(await askOnce(logic)).toBeInstanceOf(CircuitBreakerOpenError);
    expect(breaker.metrics()).toMatchObject({ calls: 2, successes: 1, failures: 1, rejected: 1 });
  });
});

describe('the breaker of a guarded actor', () => {
  it('may be an actor, which is told of every end', async () => {
    const actor = createActor(createBreakerMachine({ failureThreshold: 2 })).start();
    const logic = guardedAsk(actor);
    await askOnce(logic, 'fail');
    expect(actor.getSnapshot().context.consecutiveFailures).toBe(1);
    await askOnce(logic, 'fail');
    expect(actor.getSnapshot().value).toBe('open');
    expect(await askOnce(logic)).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', reason: 'open', cause: down });
    actor.stop();
    expect(await askOnce(logic)).toMatchObject({ reason: 'stopped' });
  });

  it('may be found by its systemId, also when it takes the place of another one', () => {
    const clock = createTestClock();
    const machine = createBreakerMachine({ failureThreshold: 1 });
    const logic = guarded(
      fromPromise(() => new Promise<never>(() => {})),
      'model',
    );
    const agent = setup({ actors: { breaker: machine, logic } }).createMachine({
      initial: 'first',
      // The end of its children would end it, too.
      on: { '*': {} },
      states: {
        first: { invoke: { src: 'breaker', systemId: 'model' }, on: { next: 'between' } },
        between: { on: { next: 'second' } },
        second: { invoke: { src: 'breaker', systemId: 'model', input: { name: 'another' } } },
      },
    });
    const parent = createActor(agent, { clock }).start();
    const start = () => {
      const actor = createActor(logic, { parent });
      const errors: unknown[] = [];
      actor.subscribe({ error: (error) => errors.push(error) });
      actor.start();
      return errors;
    };
    expect(start()).toEqual([]);
    parent.system.get('model')?.send({ type: 'breaker.trip' });
    expect(start()).toEqual([expect.objectContaining({ breaker: 'breaker', reason: 'open' })]);
    parent.send({ type: 'next' });
    expect(start()).toEqual([expect.any(TypeError)]);
    parent.send({ type: 'next' });
    expect(start()).toEqual([]);
    parent.system.get('model')?.send({ type: 'breaker.isolate' });
    expect(start()).toEqual([expect.objectContaining({ breaker: 'another', reason: 'isolated' })]);
  });

  it('may be picked by the input when the actor starts', async () => {
    const breakers = { help: createBreaker({ name: 'help' }), fail: createBreaker({ name: 'fail' }) };
    const pick = vi.fn(({ input }: { readonly input: string }) => breakers[input === 'fail' ? 'fail' : 'help']);
    const logic = guardedAsk(pick);
    breakers.fail.trip();
    expect(await askOnce(logic)).toBe('asked for help');
    expect(await askOnce(logic, 'fail')).toMatchObject({ breaker: 'fail' });
    expect(pick).toHaveBeenCalledTimes(2);
    expect(pick).toHaveBeenCalledWith({ input: 'help', system: expect.anything() });
  });

  it('S-76 is listened to once, however many logics it guards, and all of them know why it is open', async () => {
    const actor = createActor(createBreakerMachine({ failureThreshold: 1 })).start();
    const listen = vi.spyOn(actor, 'on');
    await askOnce(guardedAsk(actor));
    await askOnce(guardedAsk(actor), 'fail');
    expect(await askOnce(guardedAsk(actor))).toMatchObject({ code: 'ERR_CIRCUIT_OPEN', cause: down });
    expect(listen).toHaveBeenCalledTimes(1);
  });

  it('is picked by an input that is null, too, and may be looked for in the system', async () => {
    const pick = vi.fn(({ system }: { readonly system: { get(id: string): BreakerActorRef | undefined } }) =>
      system.get('nobody'),
    );
    const logic = guarded(
      fromPromise<string, null>(async () => 'answer'),
      pick,
    );
    const actor = createActor(logic, { input: null });
    const errors: unknown[] = [];
    actor.subscribe({ error: (error) => errors.push(error) });
    actor.start();
    expect(pick).toHaveBeenCalledWith(expect.objectContaining({ input: null }));
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it('has to exist, or the actor fails with a clear error', async () => {
    expect(await askOnce(guardedAsk('nobody'))).toEqual(
      new TypeError('There is no breaker with the systemId "nobody" in this actor system.'),
    );
    const nothing = Reflect.apply(guarded, undefined, [ask, 7]);
    expect(await askOnce(nothing)).toMatchObject({
      name: 'TypeError',
      message: 'guarded wants a CircuitBreaker, the actor of one or its systemId, but was given 7.',
    });
    const stranger = createActor(fromPromise(async () => 1));
    const strange = Reflect.apply(guarded, undefined, [ask, stranger]);
    expect(await askOnce(strange)).toBeInstanceOf(TypeError);
  });

  it('S-02 counts a promise that cannot even be made', async () => {
    const breaker = createBreaker();
    const broken = guarded(
      fromPromise<string, string>(() => {
        throw down;
      }),
      breaker,
    );
    expect(await askOnce(broken)).toBe(down);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, inFlight: 0 });
  });

  it('S-43 is neutral when the state that asks is left', () => {
    const breaker = createBreaker();
    const signals: AbortSignal[] = [];
    const slow = fromPromise<string, string>(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const agent = setup({ actors: { ask: guarded(slow, breaker) } }).createMachine({
      initial: 'asking',
      states: { asking: { invoke: { src: 'ask', input: 'help' }, on: { stop: 'idle' } }, idle: {} },
    });
    const actor = createActor(agent).start();
    actor.send({ type: 'stop' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, failures: 0, inFlight: 0 });
  });
});
