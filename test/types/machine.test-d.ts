import {
  attachBreaker,
  type BreakerActorRef,
  type BreakerStateName,
  type CircuitBreaker,
  type CircuitBreakerMachine,
  createBreaker,
  createBreakerMachine,
} from 'agent-circuit-breaker';
import {
  type BreakerContext,
  type BreakerEvent,
  type CallTally,
  type CallWindow,
  callFailed,
  callsInWindow,
  circuitBreakerMachine,
  countFailures,
  noOutcomes,
  type OutcomeCounts,
  reachesThreshold,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
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
    actor.send({ type: 'call.failed', count: 2, duration: 5, openFor: 60_000, openNow: true });
    actor.send({ type: 'call.succeeded', duration: 12.5 });
    actor.send({ type: 'trial.started', lot: 0.5 });
    actor.send({ type: 'calls.counted', generation: 1, counts: noOutcomes });
    actor.send(callFailed(new Error('down'), { openFor: 60_000 }));
    // @ts-expect-error Only a failure says how long to wait.
    actor.send({ type: 'call.succeeded', openFor: 60_000 });
    // @ts-expect-error Counts are whole.
    actor.send({ type: 'calls.counted', counts: { consecutiveFailures: 1 } });
    // @ts-expect-error Only a trial is drawn by lot.
    actor.send({ type: 'call.failed', lot: 0.5 });
    // @ts-expect-error There is no such event.
    actor.send({ type: 'call.exploded' });
    // @ts-expect-error An instant is a number.
    actor.send({ type: 'recovery.elapsed', at: '12:00' });
  });

  it('knows its input, states, tags and context', () => {
    createActor(circuitBreakerMachine, { input: { failureThreshold: 3 } });
    createActor(circuitBreakerMachine, {
      input: {
        failureRateThreshold: 0.5,
        windowSize: 20,
        slowCallThreshold: 1000,
        recoveryBackoff: { jitter: 0.1 },
        recoveryRamp: { steps: 3, stepDuration: 1000 },
      },
    });
    // @ts-expect-error A backoff that is a function is no data: it belongs to the machine.
    createActor(circuitBreakerMachine, { input: { recoveryBackoff: () => 1000 } });
    // @ts-expect-error A ramp has steps that last for a while.
    createActor(circuitBreakerMachine, { input: { recoveryRamp: { steps: 3 } } });
    // @ts-expect-error The input is data, without callbacks.
    createActor(circuitBreakerMachine, { input: { onOpen: () => {} } });
    const snapshot = actor.getSnapshot();
    expectTypeOf(snapshot.context).toEqualTypeOf<BreakerContext>();
    expectTypeOf(snapshot.context).toExtend<OutcomeCounts>();
    expectTypeOf(snapshot.context.window).toEqualTypeOf<CallWindow>();
    expectTypeOf(snapshot.context.waitMs).toEqualTypeOf<number | null>();
    expectTypeOf(snapshot.context.rampStartedAt).toEqualTypeOf<number | null>();
    expectTypeOf(snapshot.hasTag)
      .parameter(0)
      .toEqualTypeOf<'admitting' | 'rejecting' | 'trial' | 'uncounted' | 'asking'>();
    expectTypeOf(snapshot.value).toEqualTypeOf<
      Exclude<BreakerStateName, 'halfOpen'> | { halfOpen: 'free' | 'waiting' | 'full' | 'ramping' }
    >();
  });

  it('is at one with the functions that count', () => {
    const { context } = actor.getSnapshot();
    const report = { at: 1, count: 2, isSlow: true };
    expectTypeOf(countFailures(context, context.settings, report)).toEqualTypeOf<OutcomeCounts>();
    expectTypeOf(reachesThreshold(noOutcomes, resolveSettings({}), report)).toBeBoolean();
    expectTypeOf(callsInWindow(context, context.settings, 1)).toEqualTypeOf<CallTally>();
    // @ts-expect-error What has been counted is not changed.
    context.window.calls = 0;
    // @ts-expect-error A report says how many calls it is of.
    countFailures(noOutcomes, context.settings, { at: 1 });
  });

  it('knows what it emits', () => {
    actor.on('breaker.opened', (event) => expectTypeOf(event.recoverAt).toBeNumber());
    actor.on('breaker.stateChanged', ({ from, to }) => {
      expectTypeOf(from).toEqualTypeOf<BreakerStateName>();
      expectTypeOf(to).toEqualTypeOf<BreakerStateName>();
    });
    actor.on('fleet.disconnected', ({ name, at, generation }) => {
      expectTypeOf({ name, at, generation }).toEqualTypeOf<{ name: string; at: number; generation: number }>();
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
