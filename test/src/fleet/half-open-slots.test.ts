import { describe, expect, it, vi } from 'vitest';
import { createDeferred, reasonOf } from '../../support/calls.ts';
import { createInFleet, createWaiting, times } from './fleet-facade.ts';

describe('a call that is turned down for want of a slot', () => {
  it('asks the fleet for one, once, however many there are and however they are made', async () => {
    const { breaker, news } = createWaiting();
    await reasonOf(breaker.call(() => 'never'));
    await reasonOf(breaker.run(() => 'never'));
    expect(() => breaker.callSync(() => 'never')).toThrow();
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(news()).toEqual([{ type: 'lease.requested' }]);
    expect(breaker.metrics().rejected).toBe(4);
  });

  it('asks anew once one has been lent and is taken', () => {
    const { breaker, member, news } = createWaiting();
    breaker.tryAcquire();
    member.send({ type: 'fleet.leaseGranted' });
    breaker.acquire();
    for (let n = 0; n < 3; n++) breaker.tryAcquire();
    expect(news()).toEqual([{ type: 'lease.requested' }, { type: 'lease.requested' }]);
  });

  it('asks when the slot that was lent has run out unused, though no timer has fired', () => {
    const { breaker, clock, member, news } = createWaiting();
    member.send({ type: 'fleet.leaseGranted' });
    // A second: a trial takes no longer.
    clock.jump(1_000);
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(news()).toEqual([{ type: 'lease.requested' }]);
    member.send({ type: 'fleet.leaseGranted' });
    breaker.acquire().succeed();
    expect(breaker.state).toBe('closed');
  });

  it('asks for none while the circuit is open, isolated, stopped, or half-open only here', () => {
    const { breaker, clock, member, news } = createInFleet();
    breaker.trip();
    breaker.tryAcquire();
    clock.jump(times.recoveryTimeout);
    const permit = breaker.acquire();
    breaker.tryAcquire();
    permit.succeed();
    member.send({ type: 'fleet.isolated' });
    breaker.tryAcquire();
    breaker.stop();
    breaker.tryAcquire();
    expect(news().filter(({ type }) => type === 'lease.requested')).toEqual([]);
  });

  it('says when it is worth asking again: after an eighth of a lease', async () => {
    const { breaker, clock } = createWaiting();
    const waits = async () => [
      Object(await reasonOf(breaker.call(() => 'never'))).retryAfterMs,
      breaker.metrics().retryAfterMs,
    ];
    const eighth = times.trialTimeout / 8;
    expect(await waits()).toEqual([eighth, eighth]);
    clock.jump(20);
    expect(await waits()).toEqual([eighth - 20, eighth - 20]);
    clock.jump(-50_000);
    expect(await waits()).toEqual([eighth, eighth]);
  });

  it('says when its own trial dies at the latest, where that has taken the slot', () => {
    const onReject = vi.fn();
    const { breaker, clock, member } = createWaiting({ onReject });
    clock.jump(100);
    member.send({ type: 'fleet.leaseGranted' });
    breaker.acquire();
    breaker.tryAcquire();
    expect(onReject).toHaveBeenLastCalledWith(expect.objectContaining({ retryAfterMs: times.trialTimeout }));
  });

  it('is a trial of its own again once the fleet is lost', async () => {
    const { breaker, member } = createWaiting();
    breaker.tryAcquire();
    member.send({ type: 'fleet.disconnected' });
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  it('gets no second slot of a fleet that answers at once, and is rejected all the same', async () => {
    const { breaker } = createWaiting({}, ({ type }) =>
      type === 'lease.requested' ? { type: 'fleet.leaseGranted' } : undefined,
    );
    await reasonOf(breaker.call(() => 'never'));
    const answer = createDeferred<string>();
    const trial = breaker.call(() => answer.promise);
    await reasonOf(breaker.call(() => 'never'));
    answer.resolve('well');
    expect(await trial).toBe('well');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', rejected: 2 });
  });
});

describe('a trial on a lease', () => {
  it('tells its verdict with the token of the lease, and what went wrong', async () => {
    const classifyError = () => ({ counts: true, kind: 'overloaded' });
    const { breaker, member, news } = createWaiting({ classifyError });
    member.send({ type: 'fleet.leaseGranted', token: 7 });
    await reasonOf(breaker.call(() => Promise.reject(Object.assign(new TypeError('down'), { status: 529 }))));
    expect(news()).toEqual([
      {
        ...{ type: 'node.changed', from: 'halfOpen', to: 'open', by: 'call.failed', token: 7 },
        ...{ waitMs: times.recoveryTimeout, reopenings: 1 },
        reason: { name: 'TypeError', kind: 'overloaded', status: 529 },
      },
    ]);
  });

  it('is void when the trial of another has failed in the meantime', async () => {
    const { breaker, member } = createWaiting();
    member.send({ type: 'fleet.leaseGranted' });
    const permit = breaker.acquire();
    member.send({ type: 'fleet.opened', openFor: 300 });
    permit.succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 300 });
  });
});
