import { describe, expect, it } from 'vitest';
import { type FleetBreaker, startHalfOpen, startInFleet, startInLeaf, times } from './fleet-breaker.ts';

describe('isImposed', () => {
  const isImposed = ({ breaker }: FleetBreaker) => breaker.context.fleet?.isImposed;

  it('is true from an opening of the fleet to its end', () => {
    const started = startHalfOpen(1);
    expect(isImposed(started)).toBe(true);
    started.member.send({ type: 'fleet.opened' });
    expect(isImposed(started)).toBe(true);
    started.member.send({ type: 'fleet.closed' });
    expect(isImposed(started)).toBe(false);
  });

  it.each(['call.failed', 'call.succeeded', 'breaker.reset', 'breaker.isolate', 'breaker.disable'] as const)(
    'ends with the change that %s makes here',
    (type) => {
      const started = startHalfOpen(1);
      started.breaker.send({ type: 'trial.started' }, { type });
      expect(isImposed(started)).toBe(false);
    },
  );

  it('stays false where the circuit was open or half-open by itself', () => {
    for (const leaf of ['open', 'halfOpen.free', 'halfOpen.full'] as const) {
      const started = startInLeaf(leaf);
      started.member.send({ type: 'fleet.opened', openFor: 10 });
      started.breaker.clock.advance(times.recoveryTimeout);
      expect([started.breaker.leaf, isImposed(started)]).toEqual(['halfOpen.waiting', false]);
    }
  });

  it('is true of an isolation from the last hold that is released here', () => {
    const started = startInFleet();
    const { breaker, member } = started;
    breaker.send({ type: 'breaker.isolate' }, { type: 'breaker.isolate' });
    member.send({ type: 'fleet.isolated' });
    breaker.send({ type: 'breaker.release' });
    expect(isImposed(started)).toBe(false);
    breaker.send({ type: 'breaker.release' });
    expect([breaker.leaf, breaker.context.holds, isImposed(started)]).toEqual(['isolated', 0, true]);
  });
});
