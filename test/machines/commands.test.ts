import type { BreakerEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { unknownFleet } from '../../machines/fleet-view.ts';
import { inputFor, leaves, machineFor, startBreaker, startIn, times } from './running-breaker.ts';

const isolate: BreakerEvent = { type: 'breaker.isolate' };
const release: BreakerEvent = { type: 'breaker.release' };

describe('isolated', () => {
  it.each([1, 2, 5])('S-60 rejects until each of %d holds is released', (holds) => {
    const breaker = startBreaker();
    breaker.send(...times(holds, isolate));
    for (let n = 1; n < holds; n++) {
      breaker.send(release);
      expect([breaker.leaf, breaker.isAdmitting]).toEqual(['isolated', false]);
    }
    breaker.send(release);
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['closed', true]);
  });

  it.each(leaves)('S-60 begins with one hold, coming from %s, and announces itself once', (leaf) => {
    const breaker = startIn(leaf);
    if (leaf !== 'isolated') breaker.send(isolate);
    expect([breaker.leaf, breaker.context.holds]).toEqual(['isolated', 1]);
    breaker.emitted.length = 0;
    breaker.send(isolate, isolate, release, release);
    expect([breaker.leaf, breaker.emitted]).toEqual(['isolated', []]);
    breaker.send(release);
    expect(breaker.leaf).toBe('closed');
  });

  it('S-60 does not end with time, whether or not it was waiting before', () => {
    for (const from of ['closed', 'open', 'halfOpen.full'] as const) {
      const breaker = startIn(from, { recoveryTimeout: 1000, trialTimeout: 50 });
      breaker.send(isolate);
      expect(breaker.clock.pendingTimers).toBe(0);
      breaker.clock.advance(365 * 24 * 3_600_000);
      breaker.send({ type: 'recovery.elapsed' }, { type: 'trial.expired' });
      expect(breaker.leaf).toBe('isolated');
    }
  });

  it('S-60 lets results that arrive change nothing, then or later', () => {
    const breaker = startBreaker({ failureThreshold: 2 });
    breaker.send({ type: 'call.failed' }, isolate);
    const before = breaker.context;
    breaker.send({ type: 'call.failed', count: 50 }, { type: 'call.succeeded' }, { type: 'call.ignored' });
    expect(breaker.context).toEqual(before);
    breaker.send(release, { type: 'call.failed' }, { type: 'call.failed', generation: 0 });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-60 ends at once by a reset, and holds taken before it cannot be released any more', () => {
    const breaker = startBreaker();
    breaker.send(isolate, isolate, isolate, { type: 'breaker.reset' });
    expect([breaker.leaf, breaker.context.holds]).toEqual(['closed', 0]);
    breaker.send(release, release, release);
    expect([breaker.leaf, breaker.context.holds]).toEqual(['closed', 0]);
    breaker.send(isolate);
    expect([breaker.leaf, breaker.context.holds]).toEqual(['isolated', 1]);
  });

  it('S-60 S-61 is left by disable with all its holds, and not entered again by enable', () => {
    const breaker = startBreaker();
    breaker.send(isolate, isolate, { type: 'breaker.disable' });
    expect([breaker.leaf, breaker.context.holds]).toEqual(['disabled', 0]);
    breaker.send(release, { type: 'breaker.enable' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-61 cannot be tripped: nobody else ends a hold', () => {
    const breaker = startIn('isolated');
    breaker.send({ type: 'breaker.trip' }, { type: 'breaker.enable' });
    expect([breaker.leaf, breaker.context.holds]).toEqual(['isolated', 1]);
  });
});

describe('disabled', () => {
  it('S-61 lets everything pass, counts nothing and emits nothing but the change', () => {
    const breaker = startBreaker({ failureThreshold: 1, failureWindow: 1000 });
    breaker.send({ type: 'breaker.disable' });
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.disabled']);
    const before = breaker.context;
    breaker.send(...times<BreakerEvent>(100, { type: 'call.failed' }), { type: 'call.succeeded' });
    breaker.send({ type: 'trial.started' }, { type: 'call.ignored' }, { type: 'recovery.elapsed' });
    breaker.clock.advance(1_000_000);
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['disabled', true]);
    expect(breaker.context).toEqual(before);
    expect(breaker.emitted).toHaveLength(2);
  });

  it('S-61 is enabled fresh: what failed before and meanwhile is forgotten', () => {
    const breaker = startBreaker({ failureThreshold: 2 });
    breaker.send({ type: 'call.failed' }, { type: 'breaker.disable' }, { type: 'call.failed' });
    breaker.send({ type: 'breaker.enable' }, { type: 'call.failed' });
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 1]);
  });
});

describe('reset', () => {
  it.each(leaves)('S-61 clears everything in %s', (leaf) => {
    const counting = { failureThreshold: 3, failureWindow: 1000, halfOpenTrials: 2, successThreshold: 3 };
    const breaker = startBreaker({ ...counting, ...inputFor(leaf) }, { machine: machineFor(leaf) });
    const fresh = breaker.context;
    breaker.send({ type: 'call.failed' });
    breaker.clock.advance(10);
    if (leaf === 'isolated') breaker.send({ type: 'breaker.isolate' });
    if (leaf === 'disabled') breaker.send({ type: 'breaker.disable' });
    if (leaf === 'open') breaker.send({ type: 'breaker.trip' });
    if (leaf.startsWith('halfOpen')) {
      breaker.send({ type: 'breaker.trip' });
      breaker.clock.advance(60_000);
      breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' }, { type: 'trial.started' });
      if (leaf === 'halfOpen.waiting') {
        breaker.send({ type: 'fleet.connected' }, { type: 'fleet.opened' });
        breaker.clock.advance(60_000);
        breaker.send({ type: 'fleet.leaseGranted' }, { type: 'trial.started' }, { type: 'trial.requested' });
        breaker.send({ type: 'fleet.leaseLost' });
      }
      if (leaf === 'halfOpen.full') breaker.send({ type: 'trial.started' });
      if (leaf === 'halfOpen.ramping') breaker.send({ type: 'call.succeeded', count: 2 }, { type: 'trial.started' });
    }
    expect(breaker.leaf).toBe(leaf);
    const { generation, trialsStarted } = breaker.context;
    breaker.send({ type: 'breaker.reset' });
    expect(breaker.leaf).toBe('closed');
    expect(breaker.clock.pendingTimers).toBe(0);
    expect(breaker.context).toEqual({
      ...fresh,
      // What the fleet has told last is remembered, and nothing that belongs to the outage.
      fleet: leaf === 'halfOpen.waiting' ? { ...unknownFleet, isConnected: true, state: 'open' } : null,
      since: breaker.clock.now(),
      generation: generation + 1,
      trialsStarted,
    });
  });

  it('S-35 S-61 in closed makes pending outcomes void, and announces no change of state', () => {
    const breaker = startBreaker({ failureThreshold: 1 });
    breaker.send({ type: 'breaker.reset' }, { type: 'call.failed', generation: 0 });
    expect([breaker.leaf, breaker.emitted]).toEqual(['closed', []]);
  });
});

describe('trip', () => {
  it('S-61 opens at once with one full wait, and recovers by itself', () => {
    for (const leaf of ['closed', 'halfOpen.free', 'halfOpen.full', 'disabled'] as const) {
      const breaker = startIn(leaf, { recoveryTimeout: 1000 });
      breaker.send({ type: 'breaker.trip' });
      breaker.clock.advance(999);
      expect(breaker.leaf).toBe('open');
      breaker.clock.advance(1);
      expect(breaker.leaf).toBe('halfOpen.free');
    }
  });
});
