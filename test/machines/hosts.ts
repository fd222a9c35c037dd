import { type BreakerInput, type CircuitBreakerMachine, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import {
  type Actor,
  type ActorRefFrom,
  type AnyActorLogic,
  createActor,
  type Snapshot,
  setup,
  spawnChild,
} from 'xstate';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { observe, type RunningBreaker } from './running-breaker.ts';

/** What a host is made of. */
export interface HostOptions {
  readonly clock?: TestClock;
  readonly input?: BreakerInput;
  readonly machine?: CircuitBreakerMachine;
  /** What another host has persisted. */
  readonly snapshot?: Snapshot<unknown>;
}

/** Whoever runs a breaker actor. */
export interface Host {
  readonly breaker: RunningBreaker;
  /** The types of the events that the breaker has sent to whoever runs it. */
  readonly received: readonly string[];
  /** What can be stored of the whole system: a JSON round trip. */
  persist(): Snapshot<unknown>;
  stop(): void;
}

export const hostNames = ['root', 'spawned', 'invoked'] as const;

/** Runs a breaker as the root of a system, spawned by a parent, or invoked by one. */
export function startHost(name: (typeof hostNames)[number], options: HostOptions = {}): Host {
  const { clock = createTestClock(), machine = circuitBreakerMachine, input = {}, snapshot } = options;
  const actorOptions = { clock, ...(snapshot && { snapshot }) };
  if (name === 'root') {
    const root = createActor(machine, { ...actorOptions, input });
    return run(root, () => root, clock, []);
  }
  const received: string[] = [];
  const parts = setup({
    actors: { breaker: machine },
    actions: {
      receive: ({ event }) => {
        received.push(event.type);
      },
    },
  });
  const parent = createActor(
    name === 'spawned'
      ? parts.createMachine({
          entry: spawnChild('breaker', { id: 'breaker', input }),
          on: { '*': { actions: 'receive' } },
        })
      : parts.createMachine({
          invoke: { src: 'breaker', id: 'breaker', input },
          on: { '*': { actions: 'receive' } },
        }),
    actorOptions,
  );
  return run(parent, () => parent.getSnapshot().children.breaker, clock, received);
}

/** Starts a system; listens to its breaker as early as there is one. */
function run(
  root: Actor<AnyActorLogic>,
  find: () => ActorRefFrom<CircuitBreakerMachine> | undefined,
  clock: TestClock,
  received: readonly string[],
): Host {
  const early = find();
  const listening = early && observe(early, clock);
  root.start();
  const actor = find();
  if (!actor) throw new Error('expected the host to have a breaker');
  return {
    breaker: listening ?? observe(actor, clock),
    received,
    persist: () => JSON.parse(JSON.stringify(root.getPersistedSnapshot())),
    stop: () => {
      root.stop();
    },
  };
}
