import {
  attachBreaker,
  type BreakerActorRef,
  type CircuitBreakerMachine,
  createBreaker,
  createBreakerMachine,
  guarded,
} from 'agent-circuit-breaker';
import { type BreakerEvent, type BreakerStateValue, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { checkBreakerMachine, createTestClock } from 'agent-circuit-breaker/testing';
import {
  type ActorRefFrom,
  createActor,
  type EmittedFrom,
  type EventFromLogic,
  fromPromise,
  type InputFrom,
  type OutputFrom,
  type SnapshotFrom,
  setup,
} from 'xstate';

// Exported so that the compiler has to write their types down in a declaration file.
export const ownMachine = createBreakerMachine({ name: 'own' }).provide({
  guards: { thresholdReached: ({ context, event }) => event.type === 'call.failed' && context.name === 'own' },
});
export const guardedLength = guarded(
  fromPromise(async ({ input }: { input: string }) => input.length),
  createBreaker(),
);
export const parent = setup({
  actors: { breaker: circuitBreakerMachine, length: guardedLength },
  types: { children: {} as { model: 'breaker' } },
}).createMachine({
  invoke: { src: 'breaker', id: 'model', input: { failureThreshold: 1 } },
  initial: 'asking',
  states: {
    asking: { invoke: { src: 'length', input: 'four', onDone: 'done' } },
    done: {},
  },
});
export type OwnSnapshot = SnapshotFrom<typeof ownMachine>;
export const restOfTypes: readonly [InputFrom<CircuitBreakerMachine>, EmittedFrom<CircuitBreakerMachine>['type']] = [
  { failureThreshold: 3, recoveryBackoff: { factor: 2 } },
  'breaker.opened',
];

/** The chart in the words of XState. */
export async function useChart(): Promise<Record<string, unknown>> {
  const clock = createTestClock();
  const actor: ActorRefFrom<CircuitBreakerMachine> = createActor(ownMachine, { clock }).start();
  const asBreaker: BreakerActorRef = actor;
  const event: EventFromLogic<CircuitBreakerMachine> & BreakerEvent = { type: 'call.failed', error: new Error('down') };
  let openings = 0;
  actor.on('breaker.opened', ({ recoverAt }) => {
    openings += recoverAt > 0 ? 1 : 0;
  });
  actor.send(event);
  const { value }: { readonly value: BreakerStateValue } = actor.getSnapshot();
  const restored = createActor(ownMachine, { clock, snapshot: actor.getPersistedSnapshot() }).start();
  clock.advance(60_000);
  const family = createActor(parent).start();
  const model: BreakerActorRef | undefined = family.getSnapshot().children.model;
  const length: OutputFrom<typeof guardedLength> = await lengthOf('four');
  // @ts-expect-error There is no such event.
  refuse(() => actor.send({ type: 'call.exploded' }));
  // @ts-expect-error There is no such state.
  const isMistaken = actor.getSnapshot().matches('opened');
  // @ts-expect-error There is no such guard.
  refuse(() => ownMachine.provide({ guards: { neverTrips: () => true } }));
  return {
    openings,
    value,
    isMistaken,
    afterWait: restored.getSnapshot().value,
    asTrial: restored.getSnapshot().matches({ halfOpen: 'free' }) && restored.getSnapshot().hasTag('trial'),
    attached: attachBreaker(asBreaker).name,
    child: model && attachBreaker(model).state,
    length,
    isSound: isSound(),
  };
}

function lengthOf(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const actor = createActor(guardedLength, { input: text });
    actor.subscribe({ complete: () => resolve(actor.getSnapshot().output ?? 0), error: reject });
    actor.start();
  });
}

/** For what only has to be compiled. */
function refuse(_code: () => unknown): void {}

function isSound(): boolean {
  checkBreakerMachine(createBreakerMachine({ failureThreshold: 2 }));
  return true;
}
