import {
  circuitBreakerMachine,
  createBreakerMachine,
  fleetImplementations,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, initialTransition } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import { hostNames, startHost } from '../hosts.ts';
import { observe, startBreaker } from '../running-breaker.ts';
import { createFakeFleet } from './fake-fleet.ts';
import { startHalfOpen, startInFleet } from './fleet-breaker.ts';

const childrenOf = (actor: { getSnapshot(): { readonly children: object } }) =>
  Object.keys(actor.getSnapshot().children);

describe('a breaker whose machine has been provided with a fleet', () => {
  it.each(hostNames)('joins it once, by its name and its settings, as a %s actor', (host) => {
    const fleet = createFakeFleet();
    const input = { name: 'model', failureThreshold: 3 };
    const { breaker, stop } = startHost(host, { machine: fleet.machine, input });
    breaker.send({ type: 'fleet.join' }, { type: 'fleet.join' });
    expect(fleet.members).toHaveLength(1);
    expect(fleet.member.input).toEqual({ name: 'model', settings: resolveSettings({ failureThreshold: 3 }) });
    expect(breaker.context.fleet).toBeNull();
    expect(fleet.member.told).toEqual([]);
    stop();
    expect(fleet.member.isThere).toBe(false);
  });

  it('joins it through createBreakerMachine() as well, with functions that judge', () => {
    const fleet = createFakeFleet();
    startBreaker({}, { machine: createBreakerMachine({ fleet: fleet.fleet, failurePredicate: () => true }) });
    expect(fleet.members).toHaveLength(1);
  });

  it('joins it again, with the same input, when plain XState restores it', () => {
    const { breaker, fleet, member, view } = startHalfOpen(1);
    const snapshot = JSON.parse(JSON.stringify(breaker.actor.getPersistedSnapshot()));
    breaker.actor.stop();
    expect(member.isThere).toBe(false);
    const next = observe(createActor(fleet.machine, { snapshot, clock: breaker.clock }), breaker.clock);
    next.actor.start();
    expect(fleet.members).toHaveLength(2);
    expect(fleet.member.input).toEqual(member.input);
    expect(next.context.fleet).toEqual(view);
    fleet.member.send({ type: 'fleet.closed' });
    expect(next.leaf).toBe('closed');
    next.send({ type: 'breaker.trip' });
    expect(fleet.member.told).toMatchObject([{ type: 'node.changed', from: 'closed', to: 'open' }]);
  });

  it('joins it on demand where what it was restored from knew of none', () => {
    const fleet = createFakeFleet();
    const former = startBreaker();
    former.send({ type: 'breaker.trip' });
    const snapshot = JSON.parse(JSON.stringify(former.actor.getPersistedSnapshot()));
    const breaker = observe(createActor(fleet.machine, { snapshot, clock: former.clock }), former.clock);
    breaker.actor.start();
    expect(fleet.members).toHaveLength(0);
    breaker.send({ type: 'fleet.join' }, { type: 'fleet.join' });
    expect(fleet.members).toHaveLength(1);
  });
});

describe('a breaker without a fleet', () => {
  it.each([
    ['the machine as it is', circuitBreakerMachine],
    ['a machine with a predicate', createBreakerMachine({ failurePredicate: () => true })],
  ])('spawns nothing for it: %s', (_title, machine) => {
    const breaker = startBreaker({ failureThreshold: 1 }, { machine });
    breaker.send({ type: 'fleet.join' }, { type: 'call.failed' }, { type: 'breaker.reset' });
    expect(childrenOf(breaker.actor)).toEqual(['resumption']);
    expect(breaker.context.fleet).toBeNull();
    const [, actions] = initialTransition(machine, {});
    expect(actions.filter(({ type }) => type.includes('spawn'))).toEqual([]);
  });

  it('does not wait for slots of a fleet that it was restored without', () => {
    const { breaker } = startHalfOpen();
    const snapshot = JSON.parse(JSON.stringify(breaker.actor.getPersistedSnapshot()));
    breaker.actor.stop();
    const next = observe(createActor(circuitBreakerMachine, { snapshot, clock: breaker.clock }), breaker.clock);
    next.actor.start();
    expect(next.leaf).toBe('halfOpen.free');
    next.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    expect(next.leaf).toBe('closed');
  });
});

describe('a fleet whose actor fails', () => {
  const down = new Error('the fleet is broken');

  it('as it starts leaves the breaker to itself', () => {
    const logic = fromCallback<never, never>(() => {
      throw down;
    });
    const fleet = Reflect.apply(fleetImplementations, undefined, [logic]);
    const machine = circuitBreakerMachine.provide(fleet);
    const breaker = startBreaker({ failureThreshold: 1 }, { machine });
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });

  it('when it hears something leaves a waiting breaker to itself, and can be joined again', () => {
    const { breaker, fleet } = startInFleet({}, ({ type }) => {
      if (type === 'lease.requested') throw down;
      return undefined;
    });
    fleet.member.send({ type: 'fleet.opened', openFor: 10 });
    breaker.clock.advance(10);
    expect(breaker.leaf).toBe('halfOpen.waiting');
    breaker.emitted.length = 0;
    breaker.send({ type: 'lease.requested' });
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.context.fleet).toMatchObject({ isConnected: false, leases: [], hasAsked: false });
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['fleet.disconnected']);
    expect(childrenOf(breaker.actor)).not.toContain('fleet');
    breaker.send({ type: 'fleet.join' });
    expect(fleet.members).toHaveLength(2);
  });

  it('says when the connection was lost', () => {
    const clock = createTestClock(5);
    const { machine, members } = createFakeFleet();
    const breaker = startBreaker({ name: 'model' }, { machine, clock });
    for (const type of ['fleet.connected', 'fleet.connected', 'fleet.disconnected', 'fleet.disconnected'] as const) {
      clock.jump(1);
      members[0]?.send({ type });
    }
    members[0]?.send({ type: 'fleet.connected', at: 3 });
    expect(breaker.emitted).toEqual([
      { type: 'fleet.connected', name: 'model', generation: 0, at: 6 },
      { type: 'fleet.disconnected', name: 'model', generation: 0, at: 8 },
      { type: 'fleet.connected', name: 'model', generation: 0, at: 3 },
    ]);
  });
});
