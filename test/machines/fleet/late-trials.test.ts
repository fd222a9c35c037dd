import { describe, expect, it } from 'vitest';
import { startHalfOpen, times } from './fleet-breaker.ts';

/** A trial runs on the lease 1, which is over; the fleet may lend that slot to another. */
function startLate(passTime: 'advance' | 'jump' = 'advance') {
  const started = startHalfOpen(1);
  started.breaker.send({ type: 'trial.started', trial: 'late' });
  started.breaker.clock[passTime](times.trialTimeout);
  started.news();
  return started;
}

describe('a trial whose slot the fleet has lent to another', () => {
  it.each(['advance', 'jump'] as const)(
    'S-32 closes nothing when it succeeds, once, timer fired or not (%s)',
    (pass) => {
      const { breaker, news } = startLate(pass);
      breaker.send({ type: 'call.succeeded', trial: 'late' }, { type: 'call.succeeded', trial: 'late' });
      expect(breaker.leaf).toMatch(/^halfOpen/);
      expect(breaker.context).toMatchObject({ trialSuccesses: 0, outage: { lapsedTrials: [] } });
      expect(news()).toEqual([]);
    },
  );

  it('S-32 re-opens this process when it fails, and says so without the lease', () => {
    const { breaker, member, news } = startLate();
    member.send({ type: 'fleet.leaseGranted', token: 7 });
    breaker.send({ type: 'call.failed', trial: 'late' });
    expect(breaker.leaf).toBe('open');
    expect(news()).toMatchObject([{ type: 'node.changed', from: 'halfOpen', to: 'open', token: null }]);
  });

  it('S-32 re-opens this process without the lease also where no timer has fired', () => {
    const { breaker, news } = startLate('jump');
    breaker.send({ type: 'call.failed', trial: 'late' });
    expect(news()).toMatchObject([{ to: 'open', token: null }]);
  });

  it('S-32 counts again once the fleet cannot be reached', () => {
    const { breaker, member } = startLate();
    member.send({ type: 'fleet.disconnected' });
    breaker.send({ type: 'call.succeeded', trial: 'late' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-32 does not keep another trial, whose slot is its own, from closing the circuit', () => {
    const { breaker, member, news } = startLate();
    member.send({ type: 'fleet.leaseGranted', token: 7 });
    breaker.send({ type: 'trial.started', trial: 'next' }, { type: 'call.succeeded', trial: 'next' });
    expect(breaker.leaf).toBe('closed');
    expect(news()).toMatchObject([{ from: 'halfOpen', to: 'closed', token: 7 }]);
  });
});

describe('a request for a slot', () => {
  it('is understood by its former name, too', () => {
    const { breaker, news } = startHalfOpen();
    breaker.send({ type: 'trial.requested' });
    expect(news()).toEqual([{ type: 'lease.requested' }]);
  });

  it.each(['lease.requested', 'trial.requested'] as const)('is not made on a ramp (%s)', (type) => {
    const { breaker, member, news } = startHalfOpen(1, { recoveryRamp: { steps: 3, stepDuration: 100 } });
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' });
    member.send({ type: 'fleet.leaseLost' });
    breaker.send({ type });
    expect([breaker.leaf, news()]).toEqual(['halfOpen.ramping', []]);
  });
});
