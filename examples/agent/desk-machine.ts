import { type BreakerEmitted, createBreakerMachine } from 'agent-circuit-breaker';
import { assign, enqueueActions, setup } from 'xstate';
import { createAgentMachine, type Endpoints } from './agent-machine.ts';

/** A question, and the id of the agent that is to answer it. */
interface Asked {
  readonly type: 'asked';
  readonly id: string;
  readonly question: string;
}

/** Runs the breakers, and an agent for each question; it knows what is out of order, since the breakers tell it. */
export function createDeskMachine(endpoints: Endpoints) {
  return setup({
    types: {
      context: {} as { out: readonly string[] },
      events: {} as Asked | BreakerEmitted,
    },
    actors: {
      breaker: createBreakerMachine({ failureThreshold: 2, recoveryTimeout: 60_000, notifyParent: true }),
      agent: createAgentMachine(endpoints),
    },
    actions: {
      hire: enqueueActions(({ enqueue }, { id, question }: Asked) => {
        enqueue.spawnChild('agent', { id, input: { question } });
      }),
      takeNote: assign({ out: ({ context }, name: string) => [...context.out, name] }),
      strikeOut: assign({ out: ({ context }, name: string) => context.out.filter((other) => other !== name) }),
    },
  }).createMachine({
    context: { out: [] },
    invoke: [
      { src: 'breaker', systemId: 'model', input: { name: 'model' } },
      { src: 'breaker', systemId: 'search', input: { name: 'search' } },
    ],
    on: {
      asked: { actions: { type: 'hire', params: ({ event }) => event } },
      'breaker.opened': { actions: { type: 'takeNote', params: ({ event }) => event.name } },
      'breaker.closed': { actions: { type: 'strikeOut', params: ({ event }) => event.name } },
    },
  });
}
