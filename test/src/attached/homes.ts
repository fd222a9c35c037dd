import type { BreakerActorRef, BreakerInput, CircuitBreakerMachine } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { type ActorRefFrom, createActor, setup } from 'xstate';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** A breaker actor that somebody else runs. */
export interface Home {
  readonly actor: BreakerActorRef;
  readonly clock: TestClock;
  /** Stops whoever runs the breaker: the parent, or the root actor itself. */
  readonly stop: () => void;
}

type CreateHome = (input?: BreakerInput, machine?: CircuitBreakerMachine) => Home;

/** The places where a breaker can live. */
export const homes: Readonly<Record<string, CreateHome>> = {
  'a root actor': (input = {}, machine = circuitBreakerMachine) => {
    const clock = createTestClock();
    const actor = createActor(machine, { input, clock }).start();
    return { actor, clock, stop: () => actor.stop() };
  },
  'a spawned child': (input = {}, machine = circuitBreakerMachine) => {
    const clock = createTestClock();
    const parentMachine = setup({
      types: { context: {} as { breaker: ActorRefFrom<CircuitBreakerMachine> } },
      actors: { breaker: machine },
    }).createMachine({ context: ({ spawn }) => ({ breaker: spawn('breaker', { input, syncSnapshot: true }) }) });
    const parent = createActor(parentMachine, { clock }).start();
    return { actor: parent.getSnapshot().context.breaker, clock, stop: () => parent.stop() };
  },
  'an invoked child': (input = {}, machine = circuitBreakerMachine) => {
    const clock = createTestClock();
    const parentMachine = setup({ actors: { breaker: machine } }).createMachine({
      initial: 'working',
      states: { working: { invoke: { src: 'breaker', id: 'breaker', input }, on: { leave: 'done' } }, done: {} },
    });
    const parent = createActor(parentMachine, { clock }).start();
    const actor = parent.getSnapshot().children.breaker;
    if (actor === undefined) throw new Error('the parent invokes no breaker');
    return { actor, clock, stop: () => parent.send({ type: 'leave' }) };
  },
};

/** A breaker that is a root actor. */
export function createRoot(input: BreakerInput = {}, machine: CircuitBreakerMachine = circuitBreakerMachine): Home {
  const clock = createTestClock();
  const actor = createActor(machine, { input, clock }).start();
  return { actor, clock, stop: () => actor.stop() };
}
