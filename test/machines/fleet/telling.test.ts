import { type BreakerEvent, callFailed, type NodeEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, type InspectionEvent } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import { createFakeFleet } from './fake-fleet.ts';
import { startHalfOpen, startInFleet, times } from './fleet-breaker.ts';

const secret = 'sk-live-0123456789';

/** An error as SDKs of model providers throw them; its fields happen to look like those of a reason. */
class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind = 'overloaded';
  readonly status = 529;
  readonly headers = { authorization: `Bearer ${secret}` };
  readonly request = { messages: [{ role: 'user', content: secret }] };
}

const changed = (event: object) => ({
  ...{ type: 'node.changed', waitMs: null, reopenings: 0, reason: null, token: null },
  ...event,
});

describe('what a breaker tells its fleet', () => {
  it('is each change of its own, what did it, and how long it waits', () => {
    const { breaker, news } = startInFleet({ failureThreshold: 2, recoveryBackoff: { factor: 2 } });
    breaker.send({ type: 'call.failed' });
    expect(news()).toEqual([{ type: 'node.failed', count: 1, reason: null }]);
    breaker.send({ type: 'call.failed' });
    const opened = { from: 'closed', to: 'open', by: 'call.failed', waitMs: times.recoveryTimeout };
    expect(news()).toEqual([changed(opened)]);
    breaker.clock.jump(times.recoveryTimeout);
    breaker.send({ type: 'recovery.elapsed' });
    expect(news()).toEqual([changed({ from: 'open', to: 'halfOpen', by: 'recovery.elapsed' })]);
    breaker.send({ type: 'trial.started' }, { type: 'call.failed' });
    const failed = {
      from: 'halfOpen',
      to: 'open',
      by: 'call.failed',
      waitMs: 2 * times.recoveryTimeout,
      reopenings: 1,
    };
    expect(news()).toEqual([changed(failed)]);
    breaker.clock.advance(2 * times.recoveryTimeout);
    expect(news()).toMatchObject([{ from: 'open', to: 'halfOpen', by: expect.stringContaining('recoveryTimeout') }]);
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    expect(news()).toEqual([changed({ from: 'halfOpen', to: 'closed', by: 'call.succeeded' })]);
  });

  it('is each command that changes something', () => {
    const { breaker, news } = startInFleet();
    const commands: readonly BreakerEvent['type'][] = ['breaker.trip', 'breaker.reset', 'breaker.disable'];
    for (const type of commands) breaker.send({ type: 'breaker.enable' }, Object.assign({ type }));
    expect(news()).toEqual([
      changed({ from: 'closed', to: 'open', by: 'breaker.trip', waitMs: times.recoveryTimeout }),
      changed({ from: 'open', to: 'closed', by: 'breaker.reset' }),
      changed({ from: 'closed', to: 'disabled', by: 'breaker.disable' }),
    ]);
    breaker.send({ type: 'breaker.isolate' }, { type: 'breaker.isolate' });
    breaker.send({ type: 'breaker.release' }, { type: 'breaker.release' });
    expect(news()).toEqual([
      changed({ from: 'disabled', to: 'isolated', by: 'breaker.isolate' }),
      { type: 'node.held', holds: 2 },
      { type: 'node.held', holds: 1 },
      changed({ from: 'isolated', to: 'closed', by: 'breaker.release' }),
    ]);
  });

  it('are failures that leave the circuit closed, slow successes among them, each with its count', () => {
    const { breaker, news } = startInFleet({ failureThreshold: 9, slowCallThreshold: 10 });
    breaker.send({ type: 'call.failed', count: 3 }, { type: 'call.succeeded', duration: 11 });
    breaker.send({ type: 'call.succeeded' }, { type: 'call.ignored' }, { type: 'call.failed', generation: -1 });
    expect(news()).toEqual([
      { type: 'node.failed', count: 3, reason: null },
      { type: 'node.failed', count: 1, reason: { name: 'SlowCallError', kind: null, status: null } },
    ]);
  });

  it('is nothing that the fleet itself has told', () => {
    const { breaker, member, news } = startInFleet();
    const { send } = member;
    send({ type: 'fleet.opened' }, { type: 'fleet.opened' }, { type: 'fleet.closed' });
    send({ type: 'fleet.isolated' }, { type: 'fleet.opened', openFor: 10 }, { type: 'fleet.isolated' });
    send({ type: 'fleet.closed' }, { type: 'fleet.disconnected' }, { type: 'fleet.connected' });
    expect(breaker.leaf).toBe('closed');
    expect(breaker.context.generation).toBe(6);
    expect(news()).toEqual([]);
  });

  it('is that a slot is wanted, once until one has been lent', () => {
    const { breaker, member, news } = startHalfOpen();
    const ask = () => breaker.send({ type: 'lease.requested' });
    ask();
    ask();
    expect(news()).toEqual([{ type: 'lease.requested' }]);
    member.send({ type: 'fleet.leaseGranted' });
    breaker.send({ type: 'trial.started' });
    ask();
    ask();
    expect(news()).toEqual([{ type: 'lease.requested' }]);
  });

  it('is no wish for a slot where none is waited for', () => {
    const { breaker, member, news } = startInFleet();
    const ask = () => breaker.send({ type: 'lease.requested' });
    ask();
    breaker.send({ type: 'breaker.trip' });
    breaker.clock.advance(times.recoveryTimeout);
    news();
    ask();
    member.send({ type: 'fleet.disconnected' });
    ask();
    expect(news()).toEqual([]);
  });

  it('is the latest lease, on which the trials before a change ran', () => {
    const { breaker, member, news } = startHalfOpen(1, { halfOpenTrials: 2 });
    breaker.clock.jump(times.trialTimeout - 1);
    member.send({ type: 'fleet.leaseGranted', token: 9 });
    breaker.clock.jump(10);
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    expect(news()).toEqual([changed({ from: 'halfOpen', to: 'closed', by: 'call.succeeded', token: 9 })]);
  });
});

describe('S-75 the reason that a breaker tells its fleet', () => {
  const failed = { name: 'ProviderError', kind: null, status: 529 };
  const opening = (event: BreakerEvent): NodeEvent | undefined => {
    const { breaker, news } = startInFleet({ failureThreshold: 1 });
    breaker.send(event);
    const told = news();
    expect(JSON.stringify([told, breaker.context, breaker.actor.getPersistedSnapshot()])).not.toContain(secret);
    expect(told).toHaveLength(1);
    return told[0];
  };

  it('is the name and the status of the error, and nothing else of it', () => {
    const error = new ProviderError(secret);
    expect(opening(callFailed(error))).toMatchObject({ reason: failed });
    expect(opening(callFailed(error, { at: 1 }))).toMatchObject({ reason: failed });
    expect(opening({ type: 'call.failed', error })).toMatchObject({ reason: failed });
    expect(opening(callFailed(secret))).toMatchObject({ reason: { name: 'string', kind: null, status: null } });
  });

  it('are the three fields of the reason that the event brings, and nothing that comes with them', () => {
    const told = opening({ type: 'call.failed', reason: new ProviderError(secret) });
    expect(told).toMatchObject({ reason: { ...failed, kind: 'overloaded' } });
    expect(told?.type === 'node.changed' && Object.keys(Object(told.reason)).sort()).toEqual([
      'kind',
      'name',
      'status',
    ]);
  });

  it.each([{ type: 'call.failed' }, { type: 'breaker.trip' }] as const)('is none where $type brings none', (event) => {
    expect(opening(event)).toMatchObject({ to: 'open', reason: null });
  });

  it('leaks no error through an inspector, nor one that the fleet tells through the context', () => {
    const fleet = createFakeFleet();
    const told: string[] = [];
    const inspect = (event: InspectionEvent) => {
      if (event.type === '@xstate.event') told.push(JSON.stringify(event.event));
    };
    const actor = createActor(fleet.machine, { inspect, clock: createTestClock(), input: { failureThreshold: 1 } });
    actor.start().send(callFailed(new ProviderError(secret)));
    const hidden = { type: 'fleet.opened' as const, reason: new ProviderError(secret) };
    fleet.member.send(Object.defineProperty(hidden, 'reason', { enumerable: false }));
    expect(told.some((event) => event.includes('node.changed'))).toBe(true);
    expect([...told, JSON.stringify(actor.getPersistedSnapshot())].filter((text) => text.includes(secret))).toEqual([]);
    expect(actor.getSnapshot().context.fleet?.reason).toEqual({ ...failed, kind: 'overloaded' });
  });
});
