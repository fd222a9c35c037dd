import {
  attachBreaker,
  type BreakerActorRef,
  createBreaker,
  createBreakerMachine,
  guarded,
} from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { assign, createActor, fromPromise, sendParent, setup } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('the model is down');
const failLater = fromPromise<string>(async () => {
  throw down;
});
const failAtOnce = fromPromise<string>(() => {
  throw down;
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}

/** An agent that leaves its question, whatever it still hears of it, as soon as it is told that the circuit is open. */
const impatient = setup({ actors: { ask: failLater } }).createMachine({
  on: { leave: '.waiting', 'breaker.opened': '.waiting' },
  initial: 'asking',
  states: { asking: { invoke: { src: 'ask', onError: 'degraded' } }, degraded: {}, waiting: {} },
});

describe('the parent of a guarded actor', () => {
  it('S-52 may leave the question as soon as a callback tells that the circuit has opened', async () => {
    const breaker = createBreaker({ failureThreshold: 1, onOpen: () => agent.send({ type: 'leave' }) });
    const agent = createActor(impatient.provide({ actors: { ask: guarded(failLater, breaker) } })).start();
    await settled();
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'waiting' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('S-52 may leave it after a promise that could not even be made', async () => {
    const breaker = createBreaker({ failureThreshold: 1, onOpen: () => agent.send({ type: 'leave' }) });
    const agent = createActor(impatient.provide({ actors: { ask: guarded(failAtOnce, breaker) } })).start();
    await settled();
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'waiting' });
  });

  it('S-52 may leave it from a listener of the actor', async () => {
    const actor: BreakerActorRef = createActor(createBreakerMachine({ failureThreshold: 1 })).start();
    const agent = createActor(impatient.provide({ actors: { ask: guarded(failLater, actor) } })).start();
    actor.on('breaker.opened', () => agent.send({ type: 'leave' }));
    await settled();
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'waiting' });
  });

  it('S-52 may leave a state machine whose action has thrown', () => {
    const breaker = createBreaker({ failureThreshold: 1, onOpen: () => agent.send({ type: 'leave' }) });
    const steps = setup({
      actions: {
        act: () => {
          throw down;
        },
      },
    }).createMachine({ on: { act: { actions: 'act' } } });
    const host = setup({ actors: { ask: guarded(steps, breaker) } }).createMachine({
      on: { leave: '.waiting' },
      initial: 'asking',
      states: { asking: { invoke: { id: 'ask', src: 'ask' } }, waiting: {} },
    });
    const agent = createActor(host).start();
    agent.getSnapshot().children.ask?.send({ type: 'act' });
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'waiting' });
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('hears of the opening by notifyParent, and goes on at the half-opening with a trial of its own', async () => {
    const clock = createTestClock();
    const heard: string[] = [];
    let isDown = true;
    const ask = fromPromise(async () => {
      if (isDown) throw down;
      return 'answer';
    });
    const machine = setup({
      actors: {
        breaker: createBreakerMachine({ failureThreshold: 1, recoveryTimeout: 1_000 }),
        ask: guarded(ask, 'model'),
      },
      actions: { hear: ({ event }) => heard.push(event.type) },
    }).createMachine({
      invoke: { src: 'breaker', systemId: 'model', input: { notifyParent: true } },
      on: { 'breaker.*': { actions: 'hear' } },
      initial: 'asking',
      states: {
        asking: { invoke: { src: 'ask', onDone: 'answered', onError: 'waiting' } },
        waiting: { on: { 'breaker.halfOpened': { target: 'asking', actions: 'hear' } } },
        answered: {},
      },
    });
    const agent = createActor(machine, { clock }).start();
    await settled();
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'waiting' });
    isDown = false;
    clock.advance(1_000);
    await settled();
    clock.advance(0);
    expect(agent.getSnapshot().value).toBe('answered');
    expect(heard.filter((type) => type !== 'breaker.stateChanged')).toEqual([
      ...['breaker.opened', 'breaker.halfOpened', 'breaker.closed'],
    ]);
  });

  it('never takes the output of an actor that it has left for that of the next one', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1_000, onClose: () => agent.send({ type: 'next' }) });
    breaker.trip();
    clock.advance(1_000);
    const answers: ((answer: string) => void)[] = [];
    const ask = fromPromise<string>(() => new Promise((resolve) => answers.push(resolve)));
    const machine = setup({
      types: { context: {} as { heard: string } },
      actors: { ask: guarded(ask, breaker) },
    }).createMachine({
      context: { heard: '' },
      on: { next: '.second' },
      initial: 'first',
      states: {
        first: { invoke: { src: 'ask', id: 'ask' } },
        second: {
          invoke: {
            src: 'ask',
            id: 'ask',
            onDone: { target: 'over', actions: assign({ heard: ({ event }) => event.output }) },
          },
        },
        over: {},
      },
    });
    const agent = createActor(machine).start();
    answers[0]?.('the first answer');
    await settled();
    expect(agent.getSnapshot().value).toBe('second');
    answers[1]?.('the second answer');
    await settled();
    expect(agent.getSnapshot()).toMatchObject({ value: 'over', context: { heard: 'the second answer' } });
  });

  it('S-33 finds the slot free when a last action of the actor has told it to go on', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1_000, successThreshold: 2 });
    breaker.trip();
    clock.advance(1_000);
    const step = setup({ actions: { tell: sendParent({ type: 'next' }) } }).createMachine({
      initial: 'working',
      states: { working: { on: { finish: { target: 'finished', actions: 'tell' } } }, finished: { type: 'final' } },
    });
    const machine = setup({ actors: { step: guarded(step, breaker) } }).createMachine({
      initial: 'first',
      states: {
        first: { invoke: { src: 'step', id: 'first' }, on: { next: 'second' } },
        second: { invoke: { src: 'step', id: 'second', onError: 'rejected' } },
        rejected: {},
      },
    });
    const agent = createActor(machine).start();
    agent.getSnapshot().children.first?.send({ type: 'finish' });
    expect(agent.getSnapshot()).toMatchObject({ status: 'active', value: 'second' });
    expect(breaker.metrics()).toMatchObject({ trials: 1, inFlight: 1 });
  });

  it('S-30 S-72 shares a breaker between its children by the systemId: its counts and its slots', async () => {
    const clock = createTestClock();
    const ends: { resolve(answer: string): void; reject(error: Error): void }[] = [];
    const ask = fromPromise<string>(() => new Promise((resolve, reject) => ends.push({ resolve, reject })));
    const child = setup({ actors: { ask: guarded(ask, 'model') } }).createMachine({
      initial: 'asking',
      states: {
        asking: { invoke: { src: 'ask', onDone: 'answered', onError: 'refused' } },
        answered: {},
        refused: { on: { again: 'asking' } },
      },
    });
    const machine = setup({
      types: { context: {} as { breaker: BreakerActorRef } },
      actors: { breaker: createBreakerMachine({ failureThreshold: 2, recoveryTimeout: 1_000 }), child },
    }).createMachine({
      context: ({ spawn }) => ({ breaker: spawn('breaker', { systemId: 'model' }) }),
      invoke: [
        { src: 'child', id: 'one' },
        { src: 'child', id: 'two' },
      ],
    });
    const parent = createActor(machine, { clock }).start();
    const { children, context } = parent.getSnapshot();
    const both = () => [children.one?.getSnapshot().value, children.two?.getSnapshot().value];
    const sendBoth = (type: string) => [children.one?.send({ type }), children.two?.send({ type })];
    for (const end of ends) end.reject(down);
    await settled();
    expect([both(), context.breaker.getSnapshot().value]).toEqual([['refused', 'refused'], 'open']);
    clock.advance(1_000);
    sendBoth('again');
    await settled();
    expect(both()).toEqual(['asking', 'refused']);
    ends.at(-1)?.resolve('answer');
    await settled();
    expect([both(), attachBreaker(context.breaker).state]).toEqual([['answered', 'refused'], 'closed']);
  });
});
