import {
  type BreakerActions,
  type BreakerDelayName,
  type BreakerGuardName,
  type BreakerStateName,
  type CircuitBreakerMachine,
  circuitBreakerMachine,
  createBreakerMachine,
  type HalfOpenStateName,
} from 'agent-circuit-breaker/machines';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createActor, type StateValueFrom, spawnChild } from 'xstate';
import { breakerActions } from '../../machines/breaker-actions.ts';
import type * as guards from '../../machines/breaker-guards.ts';

// The type of the chart is written out by hand: here it is compared with the chart.

type EachOf<Name extends string> = Readonly<Record<Name, true>>;

describe('the type of the chart names', () => {
  const { implementations } = circuitBreakerMachine;

  it('every action, and no other', () => {
    expectTypeOf<keyof typeof breakerActions>().toEqualTypeOf<keyof BreakerActions>();
    expect(Object.keys(implementations.actions).sort()).toEqual(Object.keys(breakerActions).sort());
  });

  it('every guard, and no other', () => {
    const named: EachOf<Exclude<BreakerGuardName, keyof typeof guards>> = {
      isUnprepared: true,
      isUnpreparedTrial: true,
      isNeutral: true,
      isGoodTrial: true,
      isOneSlowTrialTooMany: true,
      hasToReopen: true,
      isOneSlowCallTooMany: true,
      extendsWait: true,
      rampDue: true,
      slotFree: true,
      mayTry: true,
    };
    expectTypeOf<Exclude<keyof typeof guards, BreakerGuardName>>().toBeNever();
    expect(Object.keys(implementations.guards)).toEqual(expect.arrayContaining(Object.keys(named)));
  });

  it('every delay, and no other', () => {
    const named: EachOf<BreakerDelayName> = { recoveryTimeout: true, trialTimeout: true, recoveryRamp: true };
    expect(Object.keys(implementations.delays).sort()).toEqual(Object.keys(named).sort());
  });

  it('every state, and no other', () => {
    const named: EachOf<BreakerStateName> = {
      closed: true,
      open: true,
      halfOpen: true,
      isolated: true,
      disabled: true,
    };
    const namedInside: EachOf<HalfOpenStateName> = { free: true, waiting: true, full: true, ramping: true };
    const { states } = circuitBreakerMachine;
    expect(Object.keys(states).sort()).toEqual(Object.keys(named).sort());
    expect(Object.keys(states.halfOpen?.states ?? {}).sort()).toEqual(Object.keys(namedInside).sort());
  });
});

describe('the type of the chart', () => {
  it('knows the values and the meta data of its states', () => {
    const snapshot = createActor(circuitBreakerMachine).getSnapshot();
    expectTypeOf(snapshot.value).toExtend<StateValueFrom<CircuitBreakerMachine>>();
    expectTypeOf(snapshot.matches).toBeCallableWith({ halfOpen: 'ramping' });
    // @ts-expect-error There is no such state.
    snapshot.matches('opened');
    expectTypeOf<keyof ReturnType<typeof snapshot.getMeta>>().toEqualTypeOf<
      'breaker' | `breaker.${BreakerStateName}` | `breaker.halfOpen.${HalfOpenStateName}`
    >();
  });

  it('takes implementations of what it names, and of nothing else', () => {
    const machine = createBreakerMachine().provide({
      guards: { thresholdReached: () => true },
      actions: {
        announce: (_moment, params) => expectTypeOf(params).toEqualTypeOf<{ readonly state: BreakerStateName }>(),
        skipTrial: spawnChild('resumption', { input: { type: 'recovery.elapsed' } }),
      },
      delays: { recoveryTimeout: 1 },
    });
    expectTypeOf(machine).toEqualTypeOf<CircuitBreakerMachine>();
    // @ts-expect-error There is no such guard.
    createBreakerMachine().provide({ guards: { neverTrips: () => true } });
    // @ts-expect-error There is no such action.
    createBreakerMachine().provide({ actions: { explode: () => {} } });
    // @ts-expect-error There is no such delay.
    createBreakerMachine().provide({ delays: { pause: 1 } });
    // @ts-expect-error There is no such actor.
    createBreakerMachine().provide({ actors: { watcher: circuitBreakerMachine } });
  });
});
