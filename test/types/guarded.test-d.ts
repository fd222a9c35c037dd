import { createBreaker, guarded } from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';
import {
  createActor,
  type EmittedFrom,
  fromCallback,
  fromPromise,
  type InputFrom,
  type OutputFrom,
  type SnapshotFrom,
  setup,
} from 'xstate';

const breaker = createBreaker();

describe('guarded logic', () => {
  it('keeps the input and the output of a promise', () => {
    const ask = fromPromise<string, { prompt: string }>(async ({ input }) => input.prompt);
    const guardedAsk = guarded(ask, breaker);
    expectTypeOf<OutputFrom<typeof guardedAsk>>().toEqualTypeOf<string>();
    expectTypeOf<InputFrom<typeof guardedAsk>>().toEqualTypeOf<{ prompt: string }>();
    createActor(guardedAsk, { input: { prompt: 'Hello' } });
    // @ts-expect-error The input has to be given.
    createActor(guardedAsk);
    guarded(ask, ({ input }) => {
      expectTypeOf(input).toEqualTypeOf<{ prompt: string }>();
      return breaker;
    });
  });

  it('tells a parent machine what it will be told', () => {
    const ask = guarded(
      fromPromise<number>(async () => 1),
      'model',
    );
    setup({ actors: { ask } }).createMachine({
      invoke: { src: 'ask', onDone: { actions: ({ event }) => expectTypeOf(event.output).toEqualTypeOf<number>() } },
    });
  });

  it('keeps the events and the emitted events of a callback', () => {
    const callback = fromCallback<{ type: 'poke' }, string, { type: 'poked'; times: number }>(() => {});
    const guardedCallback = guarded(callback, breaker);
    const actor = createActor(guardedCallback, { input: 'go' });
    actor.send({ type: 'poke' });
    // @ts-expect-error There is no such event.
    actor.send({ type: 'push' });
    expectTypeOf<EmittedFrom<typeof guardedCallback>>().toEqualTypeOf<{ type: 'poked'; times: number }>();
  });

  it('keeps the snapshot of a machine', () => {
    const machine = setup({ types: { context: {} as { count: number } } }).createMachine({
      context: { count: 0 },
      initial: 'idle',
      states: { idle: {} },
    });
    const guardedMachine = guarded(machine, breaker);
    expectTypeOf<SnapshotFrom<typeof guardedMachine>>().toEqualTypeOf<SnapshotFrom<typeof machine>>();
    expectTypeOf(createActor(guardedMachine).getSnapshot().context.count).toBeNumber();
  });
});
