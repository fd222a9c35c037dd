import { leaseRequest, overdueEvent, timeToLeaseMs, timeToRetryMs } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { ramp } from '../running-breaker.ts';
import { longestLease, startHalfOpen, startInFleet, times } from './fleet-breaker.ts';

describe('half-open slots that a fleet lends', () => {
  it('are waited for, used, and given back with the verdict', () => {
    const { breaker, member, view } = startHalfOpen();
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['halfOpen.waiting', false]);
    breaker.send({ type: 'trial.started' });
    expect(breaker.context.trials).toEqual([]);
    member.send({ type: 'fleet.leaseGranted', token: 7 });
    const expiresAt = breaker.clock.now() + longestLease;
    expect([breaker.leaf, breaker.context.fleet?.leases]).toEqual(['halfOpen.free', [{ token: 7, expiresAt }]]);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['halfOpen.full', false]);
    breaker.send({ type: 'call.succeeded' });
    expect([breaker.leaf, breaker.context.fleet?.leases]).toEqual(['closed', []]);
    expect(view.isConnected).toBe(true);
  });

  it('are as many as were lent, whatever halfOpenTrials says', () => {
    const { breaker } = startHalfOpen(3, { halfOpenTrials: 1, successThreshold: 5 });
    const seen = [1, 2, 3, 4].map(() => {
      breaker.send({ type: 'trial.started' });
      return [breaker.context.trials.length, breaker.leaf];
    });
    expect(seen.map(([trials]) => trials)).toEqual([1, 2, 3, 3]);
    expect(seen.map(([, leaf]) => leaf)).toEqual([
      ...['free', 'free', 'full', 'full'].map((leaf) => `halfOpen.${leaf}`),
    ]);
    breaker.send({ type: 'call.ignored' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('end at the instant that was told, though no timer has fired and nobody said so', () => {
    const { breaker, member } = startHalfOpen();
    const end = breaker.clock.now() + 100;
    member.send({ type: 'fleet.leaseGranted', leaseFor: 100 });
    breaker.send({ type: 'trial.started', at: end });
    expect([breaker.leaf, breaker.context.trials]).toEqual(['halfOpen.waiting', []]);
    member.send({ type: 'fleet.leaseGranted', leaseFor: 100 });
    breaker.send({ type: 'trial.started', at: end - 1 });
    expect([breaker.leaf, breaker.context.trials.length]).toEqual(['halfOpen.full', 1]);
  });

  it('end by the clock of the actor, too, where the event has no date', () => {
    const { breaker } = startHalfOpen(1);
    breaker.clock.jump(longestLease);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.context.trials]).toEqual(['halfOpen.waiting', []]);
  });

  it('are refused one by one: a trial on the other lease still runs', () => {
    const { breaker, member } = startHalfOpen(1, { trialTimeout: 1_000 });
    member.send({ type: 'fleet.leaseGranted', token: 2, leaseFor: 100 });
    breaker.send({ type: 'trial.started' });
    breaker.clock.jump(100);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.context.trials.length]).toEqual(['halfOpen.full', 1]);
    expect(breaker.context.fleet?.leases.map(({ token }) => token)).toEqual([1]);
  });

  it('do not name two trials alike, though one of them was refused', () => {
    const { breaker, member } = startHalfOpen(1);
    const { trialsStarted } = breaker.context;
    breaker.clock.jump(longestLease);
    breaker.send({ type: 'trial.started', trial: trialsStarted + 1 });
    member.send({ type: 'fleet.leaseGranted' });
    breaker.send({ type: 'trial.started' });
    expect(breaker.context.trials).toMatchObject([{ id: trialsStarted + 2 }]);
  });

  it('are of no use when the clock has gone back: they would last too long', () => {
    const { breaker } = startHalfOpen(1);
    breaker.clock.jump(-100);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.context.trials]).toEqual(['halfOpen.waiting', []]);
  });

  it('are prolonged by their token', () => {
    const { breaker, member } = startHalfOpen(2);
    breaker.clock.jump(longestLease - 1);
    member.send({ type: 'fleet.leaseGranted', token: 1 });
    breaker.clock.jump(1);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.context.trials.length]).toEqual(['halfOpen.free', 1]);
    expect(breaker.context.fleet?.leases).toHaveLength(2);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, breaker.context.fleet?.leases]).toEqual([
      'halfOpen.full',
      [expect.objectContaining({ token: 1 })],
    ]);
  });

  it('never last longer than a trial may, or a second, so that they can be used at once', () => {
    const { breaker, member } = startHalfOpen();
    member.send({ type: 'fleet.leaseGranted', leaseFor: 60_000 });
    breaker.send({ type: 'trial.started' });
    expect(breaker.leaf).toBe('halfOpen.full');
  });

  it('are lost one by one, or all at once', () => {
    const { breaker, member } = startHalfOpen(3);
    const tokens = () => breaker.context.fleet?.leases.map(({ token }) => token);
    member.send({ type: 'fleet.leaseLost', token: 2 }, { type: 'fleet.leaseLost', token: 9 });
    expect([breaker.leaf, tokens()]).toEqual(['halfOpen.free', [1, 3]]);
    member.send({ type: 'fleet.leaseLost' });
    expect([breaker.leaf, tokens()]).toEqual(['halfOpen.waiting', []]);
  });

  it('that are lost under a trial are waited for again, with no timer that fires for nothing', () => {
    const { breaker, member } = startHalfOpen(1);
    breaker.send({ type: 'trial.started' });
    member.send({ type: 'fleet.leaseLost' });
    expect([breaker.leaf, breaker.clock.pendingTimers]).toEqual(['halfOpen.waiting', 0]);
    member.send({ type: 'fleet.leaseGranted' });
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(times.trialTimeout);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('are free again when a trial has died on them', () => {
    const { breaker, member } = startHalfOpen(1);
    breaker.send({ type: 'trial.started' });
    member.send({ type: 'fleet.leaseGranted', token: 1, at: breaker.clock.now() + times.trialTimeout - 1 });
    breaker.clock.advance(times.trialTimeout);
    expect([breaker.leaf, breaker.context.trials]).toEqual(['halfOpen.free', []]);
  });

  it('are not needed once the fleet is lost: the breaker has its own trials again', () => {
    const { breaker, member } = startHalfOpen(0, { halfOpenTrials: 2 });
    member.send({ type: 'fleet.disconnected' });
    breaker.send({ type: 'trial.started' }, { type: 'trial.started' });
    expect([breaker.leaf, breaker.context.trials.length]).toEqual(['halfOpen.full', 2]);
    member.send({ type: 'fleet.connected' });
    expect([breaker.leaf, breaker.clock.pendingTimers]).toEqual(['halfOpen.waiting', 0]);
    breaker.send({ type: 'call.succeeded' });
    expect(breaker.leaf).toBe('closed');
  });

  it('are not needed for a circuit that is open only here', () => {
    const { breaker } = startInFleet();
    breaker.send({ type: 'breaker.trip' });
    breaker.clock.advance(times.recoveryTimeout);
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    expect(breaker.leaf).toBe('closed');
  });

  it('are not needed to go on with a ramp, which asks for none', () => {
    const { breaker, member } = startHalfOpen(1, ramp);
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    expect(breaker.leaf).toBe('halfOpen.ramping');
    member.send({ type: 'fleet.leaseLost' });
    breaker.send({ type: 'trial.started', lot: 0 }, { type: 'lease.requested' });
    expect([breaker.leaf, breaker.context.trials.length]).toEqual(['halfOpen.ramping', 1]);
    expect(breaker.actor.getSnapshot().hasTag('asking')).toBe(false);
    expect(breaker.context.fleet?.hasAsked).toBe(false);
    breaker.clock.advance(300);
    expect(breaker.leaf).toBe('closed');
  });

  it('are ignored where no trial may run', () => {
    const { breaker, member } = startInFleet();
    member.send({ type: 'fleet.leaseGranted' });
    member.send({ type: 'fleet.opened' }, { type: 'fleet.leaseGranted' });
    expect(breaker.context.fleet?.leases).toEqual([]);
  });
});

describe('timeToLeaseMs()', () => {
  it('is the rest of the present eighth of a lease, counted from when trials may run, and never nothing', () => {
    const { breaker, member } = startHalfOpen();
    const asked = (ms: number) => timeToLeaseMs(breaker.context, breaker.clock.now() + ms);
    expect([0, 20, 49, 50, 9_999, -50_000].map(asked)).toEqual([50, 30, 1, 50, 1, 50]);
    expect(timeToRetryMs(breaker.context, breaker.clock.now())).toBeNull();
    expect(overdueEvent(breaker.context, breaker.clock.now() + 9_999)).toBeUndefined();
    member.send({ type: 'fleet.leaseGranted' });
    expect(asked(0)).toBeNull();
    member.send({ type: 'fleet.disconnected' });
    expect(asked(0)).toBeNull();
  });
});

describe('leaseRequest()', () => {
  it('asks for a slot until somebody has, in a state with the tag asking', () => {
    const { breaker, member } = startHalfOpen();
    const request = () => leaseRequest(breaker.context, 5);
    const isAsking = () => breaker.actor.getSnapshot().hasTag('asking');
    expect([isAsking(), request()]).toEqual([true, { type: 'lease.requested', at: 5 }]);
    breaker.send({ type: 'lease.requested' });
    expect([isAsking(), request()]).toEqual([true, undefined]);
    member.send({ type: 'fleet.leaseGranted' });
    expect([isAsking(), request()]).toEqual([false, { type: 'lease.requested', at: 5 }]);
    breaker.send({ type: 'trial.started' });
    expect(isAsking()).toBe(true);
    member.send({ type: 'fleet.opened' });
    expect(isAsking()).toBe(false);
    member.send({ type: 'fleet.isolated' });
    expect([isAsking(), request()]).toEqual([false, undefined]);
  });
});
