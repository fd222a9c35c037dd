import {
  attachBreaker,
  type BreakerActorRef,
  type BreakerStateName,
  type CircuitBreaker,
  type CircuitBreakerMachine,
  createBreaker,
  createBreakerMachine,
} from 'agent-circuit-breaker';
import { type BreakerContext, type BreakerEvent, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expectTypeOf, it } from 'vitest';
import { type ActorRefFrom, createActor, setup } from 'xstate';

const actor = createActor(circuitBreakerMachine);

describe('the machine', () => {
  it('is the one behind every breaker', () => {
    expectTypeOf(createBreakerMachine()).toEqualTypeOf<typeof circuitBreakerMachine>();
    expectTypeOf<CircuitBreakerMachine>().toEqualTypeOf<typeof circuitBreakerMachine>();
    expectTypeOf(createBreaker().actor).toEqualTypeOf<BreakerActorRef>();
    expectTypeOf<BreakerActorRef>().toEqualTypeOf<ActorRefFrom<CircuitBreakerMachine>>();
  });

  it('knows its events', () => {
    expectTypeOf(actor.send).parameter(0).toEqualTypeOf<BreakerEvent>();
    actor.send({ type: 'call.failed', error: new Error('down') });
    actor.send({ type: 'trial.started', trial: 'one', at: 1 });
    // @ts-expect-error There is no such event.
    actor.send({ type: 'call.exploded' });
    // @ts-expect-error An instant is a number.
    actor.send({ type: 'recovery.elapsed', at: '12:00' });
  });

  it('knows its input, states, tags and context', () => {
    createActor(circuitBreakerMachine, { input: { failureThreshold: 3 } });
    // @ts-expect-error The input is data, without callbacks.
    createActor(circuitBreakerMachine, { input: { onOpen: () => {} } });
    const snapshot = actor.getSnapshot();
    expectTypeOf(snapshot.context).toEqualTypeOf<BreakerContext>();
    expectTypeOf(snapshot.hasTag).parameter(0).toEqualTypeOf<'admitting' | 'rejecting' | 'trial' | 'uncounted'>();
    expectTypeOf(snapshot.value).toEqualTypeOf<
      Exclude<BreakerStateName, 'halfOpen'> | { halfOpen: 'free' | 'full' | 'ramping' }
    >();
  });

  it('knows what it emits', () => {
    actor.on('breaker.opened', (event) => expectTypeOf(event.recoverAt).toBeNumber());
    actor.on('breaker.stateChanged', ({ from, to }) => {
      expectTypeOf(from).toEqualTypeOf<BreakerStateName>();
      expectTypeOf(to).toEqualTypeOf<BreakerStateName>();
    });
    // @ts-expect-error It emits no such event.
    actor.on('breaker.exploded', () => {});
  });

  it('can be spawned by a parent and attached to', () => {
    const parent = setup({
      actors: { breaker: createBreakerMachine() },
      types: { children: {} as { model: 'breaker' } },
    });
    const machine = parent.createMachine({ invoke: { src: 'breaker', id: 'model', input: { failureThreshold: 1 } } });
    const child = createActor(machine).getSnapshot().children.model;
    expectTypeOf(child).toEqualTypeOf<BreakerActorRef | undefined>();
    if (child) expectTypeOf(attachBreaker(child)).toEqualTypeOf<CircuitBreaker>();
    expectTypeOf(attachBreaker(actor)).toEqualTypeOf<CircuitBreaker>();
    // @ts-expect-error A parent is no breaker.
    attachBreaker(createActor(machine));
  });
});
