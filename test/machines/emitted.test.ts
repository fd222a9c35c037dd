import {
  type BreakerContext,
  type BreakerEmitted,
  type BreakerEvent,
  circuitBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import * as updates from '../../machines/context-updates.ts';
import { startBreaker, startIn } from './running-breaker.ts';

const types = [
  'breaker.opened',
  'breaker.closed',
  'breaker.halfOpened',
  'breaker.isolated',
  'breaker.disabled',
  'breaker.stateChanged',
] as const;

describe('an emitted event', () => {
  it.each(types)('%s reaches a listener for its type, and one for every type, and stops with them', (type) => {
    const breaker = startBreaker({ recoveryTimeout: 1000 });
    const heard: BreakerEmitted[] = [];
    const all: BreakerEmitted[] = [];
    const listeners = [
      breaker.actor.on(type, (event) => heard.push(event)),
      breaker.actor.on('*', (event) => all.push(event)),
    ];
    const visitAll = () => {
      breaker.send({ type: 'breaker.trip' });
      breaker.clock.advance(1000);
      breaker.send({ type: 'call.succeeded' }, { type: 'breaker.isolate' }, { type: 'breaker.disable' });
      breaker.send({ type: 'breaker.enable' });
    };
    visitAll();
    expect(heard).toHaveLength({ 'breaker.stateChanged': 6, 'breaker.closed': 2 }[String(type)] ?? 1);
    expect(heard.every((event) => event.type === type)).toBe(true);
    expect(all).toHaveLength(12);
    for (const listener of listeners) listener.unsubscribe();
    visitAll();
    expect(all).toHaveLength(12);
  });

  it('S-78 tells name, instant and generation, what opened it, and when an open circuit is due', () => {
    const breaker = startBreaker({ name: 'search', failureThreshold: 2, recoveryTimeout: 1000 });
    const at = breaker.clock.now();
    breaker.send({ type: 'call.failed' }, { type: 'call.succeeded' }, { type: 'call.failed' }, { type: 'call.failed' });
    const change = { name: 'search', at, generation: 1, by: 'failures' };
    expect(breaker.emitted).toEqual([
      { type: 'breaker.stateChanged', ...change, from: 'closed', to: 'open' },
      {
        type: 'breaker.opened',
        ...change,
        recoverAt: at + 1000,
        counts: { calls: 4, failures: 3, slow: 0, failureRate: 0.75, slowRate: 0, consecutiveFailures: 2 },
        threshold: { option: 'failureThreshold', value: 2 },
      },
    ]);
  });

  it('S-15 comes once per real change: none for what changes no state', () => {
    const breaker = startBreaker({ failureThreshold: 3, halfOpenTrials: 2, successThreshold: 5, recoveryTimeout: 100 });
    breaker.send({ type: 'call.failed' }, { type: 'call.succeeded' }, { type: 'breaker.reset' });
    expect(breaker.emitted).toEqual([]);
    breaker.send({ type: 'breaker.trip' }, { type: 'breaker.trip' }, { type: 'recovery.elapsed' });
    expect(breaker.emitted).toHaveLength(2);
    breaker.clock.advance(100);
    breaker.send({ type: 'trial.started' }, { type: 'trial.started' }, { type: 'call.succeeded' });
    breaker.clock.advance(100);
    expect(breaker.emitted).toHaveLength(4);
  });

  it('S-52 may be answered by an event, which is judged after the change is complete', () => {
    const breaker = startIn('closed', { failureThreshold: 1 });
    breaker.actor.on('breaker.opened', () => breaker.send({ type: 'call.succeeded' }, { type: 'breaker.reset' }));
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('closed');
    const changes = breaker.emitted.flatMap((event) => (event.type === 'breaker.stateChanged' ? [event.to] : []));
    expect(changes).toEqual(['open', 'closed']);
  });

  /** Leads through every change of state that there is without a fleet or a ramp. */
  const changes = ['open', 'halfOpen', 'open', 'halfOpen', 'closed', 'isolated', 'disabled', 'closed'];
  const lead = (breaker: ReturnType<typeof startBreaker>) => {
    breaker.send({ type: 'call.failed' });
    breaker.clock.advance(1000);
    breaker.send({ type: 'call.failed' });
    breaker.clock.advance(1000);
    breaker.send({ type: 'call.succeeded' }, { type: 'breaker.isolate' }, { type: 'breaker.disable' });
    breaker.send({ type: 'breaker.enable' });
  };

  it.each([
    ['openCircuit', updates.openCircuit(updates.waitBySettings)],
    ['reopenCircuit', updates.reopenCircuit(updates.waitBySettings)],
    ['halfOpenCircuit', updates.halfOpenCircuit],
    ['closeCircuit', updates.closeCircuit],
    ['isolateCircuit', updates.isolateCircuit],
    ['disableCircuit', updates.disableCircuit],
  ] as const)('S-55 comes all the same where %s is replaced by an action that only assigns', (name, update) => {
    const only = assign<BreakerContext, BreakerEvent, undefined, BreakerEvent, never>((moment) => update(moment));
    const machine = circuitBreakerMachine.provide({ actions: { [name]: only } });
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1000 }, { machine });
    lead(breaker);
    expect(breaker.emitted.flatMap((event) => (event.type === 'breaker.stateChanged' ? [event.to] : []))).toEqual(
      changes,
    );
    expect(breaker.emitted).toHaveLength(2 * changes.length);
  });

  it('S-55 comes from the state that was left, and leaves no trace of it', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1000 });
    lead(breaker);
    const origins = breaker.emitted.flatMap((event) => (event.type === 'breaker.stateChanged' ? [event.from] : []));
    expect(origins).toEqual(['closed', ...changes.slice(0, -1)]);
    expect(breaker.context.left).toBeNull();
  });
});
