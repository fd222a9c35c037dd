import type { BreakerEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { emptyWindow } from '../../../machines/counting/window-counts.ts';
import { type Leaf, leafOf, leaves } from '../running-breaker.ts';
import { startHalfOpen, startInFleet, startInLeaf, times } from './fleet-breaker.ts';

const reason = { name: 'ProviderError', kind: 'overloaded', status: 529 };

type Outcome = 'adopted' | 'remembered';

/** What a breaker makes of the fleet's circuit; a hand that holds it, or that has disabled it, goes before. */
const opened: Readonly<Record<Leaf, Outcome>> = {
  closed: 'adopted',
  open: 'adopted',
  'halfOpen.free': 'adopted',
  'halfOpen.waiting': 'adopted',
  'halfOpen.full': 'adopted',
  'halfOpen.ramping': 'adopted',
  isolated: 'remembered',
  disabled: 'remembered',
};

describe.each(leaves)('%s', (leaf) => {
  const adopts = opened[leaf] === 'adopted';

  it(`opens with its fleet, for as long, unless a hand is at it (${opened[leaf]})`, () => {
    const { breaker, member, view, news } = startInLeaf(leaf);
    const { generation } = breaker.context;
    const at = breaker.clock.now();
    member.send({ type: 'fleet.opened', openFor: 5_000, reopenings: 2, reason });
    expect(breaker.leaf).toBe(adopts ? 'open' : leaf);
    if (adopts) expect(breaker.context).toMatchObject({ recoverAt: at + 5_000, waitMs: 5_000, reopenings: 2 });
    expect(breaker.context.generation - generation).toBe(adopts && leaf !== 'open' ? 1 : 0);
    expect(breaker.context.fleet).toMatchObject({ state: 'open', reason, leases: [] });
    expect(view.isConnected).toBe(true);
    expect(news()).toEqual([]);
  });

  it('closes with its fleet, fresh, unless a hand is at it', () => {
    const { breaker, member, news } = startInLeaf(leaf);
    member.send({ type: 'fleet.closed' });
    expect(breaker.leaf).toBe(adopts ? 'closed' : leaf);
    if (adopts) expect(breaker.context).toMatchObject({ reopenings: 0, recoverAt: null, waitMs: null, trials: [] });
    expect(breaker.context.fleet).toMatchObject({ state: 'closed', isImposed: false, reason: null, holdsOfOthers: 0 });
    expect(breaker.clock.pendingTimers).toBe(0);
    expect(news()).toEqual([]);
  });

  it('is isolated with its fleet, unless it is disabled, and not held by a hand here', () => {
    const { breaker, member, news } = startInLeaf(leaf);
    const { holds } = breaker.context;
    member.send({ type: 'fleet.isolated', others: 2 });
    expect(breaker.leaf).toBe(leaf === 'disabled' ? leaf : 'isolated');
    expect(breaker.context.holds).toBe(holds);
    expect(breaker.context.fleet).toMatchObject({ state: 'isolated', holdsOfOthers: 2 });
    expect(breaker.clock.pendingTimers).toBe(0);
    expect(news()).toEqual([]);
  });

  it('stays what it is when the fleet is lost, but that it needs no slot of it', () => {
    const { breaker, member } = startInLeaf(leaf);
    member.send({ type: 'fleet.disconnected' });
    expect(breaker.leaf).toBe(leaf === 'halfOpen.waiting' ? 'halfOpen.free' : leaf);
    expect(breaker.context.fleet).toMatchObject({ isConnected: false, leases: [], hasAsked: false });
  });
});

describe('a circuit that is open because the fleet is', () => {
  it('waits for as long as the fleet does, also where that becomes shorter', () => {
    const { breaker, member } = startInFleet();
    const at = breaker.clock.now();
    member.send({ type: 'fleet.opened', openFor: 5_000 });
    member.send({ type: 'fleet.opened', openFor: 300 });
    expect(breaker.context).toMatchObject({ recoverAt: at + 300, waitMs: 300 });
    expect(breaker.clock.pendingTimers).toBe(1);
    breaker.clock.advance(299);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.waiting');
  });

  it('opens for a wait that is over, and may try at once', () => {
    const { breaker, member } = startInFleet();
    member.send({ type: 'fleet.opened', openFor: 0 });
    expect(breaker.leaf).toBe('open');
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.waiting');
  });

  it('is dated by the event, or by the clock', () => {
    const { breaker, member } = startInFleet();
    const now = breaker.clock.now();
    member.send({ type: 'fleet.opened', at: now - 100 });
    expect(breaker.context).toMatchObject({ since: now - 100, recoverAt: now - 100 + times.recoveryTimeout });
    const change = { name: 'model', at: now - 100, generation: 1, by: 'fleet' };
    expect(breaker.emitted).toEqual([
      { type: 'breaker.stateChanged', ...change, from: 'closed', to: 'open' },
      { type: 'breaker.opened', ...change, recoverAt: now + 900, counts: emptyWindow, threshold: null },
    ]);
  });

  it('makes late results void, here and after its end', () => {
    const { breaker, member } = startInFleet({ failureThreshold: 1 });
    const { generation } = breaker.context;
    member.send({ type: 'fleet.opened' });
    breaker.send({ type: 'call.succeeded', generation }, { type: 'call.failed', generation });
    member.send({ type: 'fleet.closed' });
    breaker.send({ type: 'call.failed', generation });
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 0]);
  });

  it('makes the results of its own trials void', () => {
    const { breaker, member } = startHalfOpen(1);
    const { generation } = breaker.context;
    breaker.send({ type: 'trial.started', trial: 'mine' });
    member.send({ type: 'fleet.opened', openFor: 10 });
    breaker.clock.advance(10);
    const late = [{ type: 'call.succeeded', trial: 'mine', generation }] satisfies BreakerEvent[];
    breaker.send(...late, { type: 'call.failed', trial: 'mine' });
    expect(breaker.leaf).toBe('halfOpen.waiting');
  });

  it('counts the reopenings of the fleet on', () => {
    const { breaker, member } = startInFleet({ recoveryBackoff: { factor: 2 } });
    member.send({ type: 'fleet.opened', openFor: 10, reopenings: 2 });
    breaker.clock.advance(10);
    member.send({ type: 'fleet.leaseGranted' });
    breaker.send({ type: 'trial.started' }, { type: 'call.failed' });
    expect(breaker.context).toMatchObject({ reopenings: 3, waitMs: 8 * times.recoveryTimeout });
  });
});

describe('a circuit that has opened by itself', () => {
  it('waits at least as long as it meant to, and longer where the fleet does', () => {
    const { breaker, member, view } = startInFleet();
    breaker.send({ type: 'breaker.trip' });
    const own = breaker.context.recoverAt ?? 0;
    member.send({ type: 'fleet.opened', openFor: 300 });
    expect(breaker.context).toMatchObject({ recoverAt: own, waitMs: times.recoveryTimeout });
    member.send({ type: 'fleet.opened', openFor: 3_000 });
    expect(breaker.context.recoverAt).toBe(breaker.clock.now() + 3_000);
    expect(view.isImposed).toBe(false);
  });

  it('learns how often trials have failed elsewhere, and forgets nothing of its own', () => {
    const { breaker, member } = startInFleet();
    breaker.send({ type: 'breaker.trip' });
    member.send({ type: 'fleet.opened', reopenings: 2 });
    member.send({ type: 'fleet.opened', reopenings: 1 });
    expect(breaker.context.reopenings).toBe(2);
  });
});

describe('an isolation that others hold', () => {
  it('is not ended by a release here, nor by more of them than there were holds', () => {
    const { breaker, member, news } = startInFleet();
    member.send({ type: 'fleet.isolated' });
    breaker.send({ type: 'breaker.isolate' });
    for (let n = 0; n < 3; n++) breaker.send({ type: 'breaker.release' });
    expect([breaker.leaf, breaker.context.holds]).toEqual(['isolated', 0]);
    expect(news().slice(0, 2)).toEqual([
      { type: 'node.held', holds: 1 },
      { type: 'node.held', holds: 0 },
    ]);
  });

  it('ends when the fleet says so, though not for a hand that holds here', () => {
    const { breaker, member } = startInFleet();
    member.send({ type: 'fleet.isolated' });
    breaker.send({ type: 'breaker.isolate' });
    member.send({ type: 'fleet.closed' });
    expect(breaker.leaf).toBe('isolated');
    breaker.send({ type: 'breaker.release' });
    expect(breaker.leaf).toBe('closed');
    member.send({ type: 'fleet.isolated' }, { type: 'fleet.opened' });
    expect([breaker.leaf, breaker.context.fleet?.isImposed]).toEqual(['open', true]);
  });

  it.each([
    ['breaker.reset', 'closed'],
    ['breaker.disable', 'disabled'],
  ] as const)('is ended by %s, which the fleet is told', (type, leaf) => {
    const { breaker, member, news } = startInFleet();
    member.send({ type: 'fleet.isolated', others: 3 });
    breaker.send({ type });
    expect(leafOf(breaker.actor.getSnapshot())).toBe(leaf);
    expect(news()).toMatchObject([{ type: 'node.changed', from: 'isolated', to: leaf, by: type }]);
  });
});

describe('a disabled breaker', () => {
  it('remembers what the fleet told, and needs its slots once it has opened again', () => {
    const { breaker, member } = startInFleet();
    breaker.send({ type: 'breaker.disable' });
    member.send({ type: 'fleet.opened', reason });
    expect(breaker.isAdmitting).toBe(true);
    breaker.send({ type: 'breaker.enable' });
    expect(breaker.leaf).toBe('closed');
    breaker.send({ type: 'breaker.trip' });
    breaker.clock.advance(times.recoveryTimeout);
    expect(breaker.leaf).toBe('halfOpen.waiting');
  });
});
