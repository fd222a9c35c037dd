import { type BreakerEvent, overdueEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { type RunningBreaker, startIn, times } from './running-breaker.ts';

const started: BreakerEvent = { type: 'trial.started' };
const idsOf = (breaker: RunningBreaker) => breaker.context.trials.map(({ id }) => id);

describe('the lease of a trial', () => {
  it('S-32 frees the slot exactly trialTimeout after it was taken, by its timer', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50 });
    breaker.clock.advance(49);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.clock.pendingTimers).toBe(0);
  });

  it('S-32 frees the slot without a timer, when asked', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50 });
    breaker.clock.jump(49);
    breaker.send({ type: 'trial.expired' });
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.jump(1);
    breaker.send({ type: 'trial.expired' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-32 is recoveryTimeout where no trialTimeout is given: no trial wedges the circuit', () => {
    const breaker = startIn('halfOpen.full', { recoveryTimeout: 1000, halfOpenTrials: 3 });
    breaker.clock.advance(999);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect([breaker.leaf, idsOf(breaker)]).toEqual(['halfOpen.free', []]);
  });

  it('S-32 runs for each trial by itself, and a new one for a new trial', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, trialTimeout: 50 });
    for (const trial of ['a', 'b', 'c']) {
      breaker.send({ ...started, trial });
      breaker.clock.advance(10);
    }
    breaker.clock.advance(20);
    expect(idsOf(breaker)).toEqual(['b', 'c']);
    breaker.send({ ...started, trial: 'd' });
    breaker.clock.advance(10);
    expect(idsOf(breaker)).toEqual(['c', 'd']);
    breaker.send({ ...started, trial: 'e' });
    breaker.clock.advance(10);
    expect(idsOf(breaker)).toEqual(['d', 'e']);
  });

  it.each([
    ['call.succeeded', 'closed'],
    ['call.failed', 'open'],
    ['call.ignored', 'halfOpen.free'],
    ['call.cancelled', 'halfOpen.free'],
  ] as const)('S-32 governs the slot alone: a late %s counts once, timer fired or not', (type, target) => {
    for (const passTime of ['advance', 'jump'] as const) {
      const breaker = startIn('halfOpen.free', { trialTimeout: 50, halfOpenTrials: 2 });
      breaker.send({ ...started, trial: 'late' }, { ...started, trial: 'other' });
      breaker.clock[passTime](1_000);
      breaker.send({ type, trial: 'late' });
      expect(breaker.leaf === 'halfOpen.full' ? 'halfOpen.free' : breaker.leaf).toBe(target);
      const after = breaker.context;
      breaker.send({ type: 'call.failed', trial: 'late' });
      expect(breaker.context).toEqual(after);
    }
  });

  it.each(['advance', 'jump'] as const)('S-32 once over, gives no slot back that is not its own (%s)', (passTime) => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50, successThreshold: 3 });
    breaker.clock[passTime](50);
    breaker.send({ type: 'trial.expired' }, { ...started, trial: 'next' });
    expect([breaker.leaf, breaker.context.outage.lapsedTrials]).toEqual(['halfOpen.full', [1]]);
    breaker.send({ type: 'call.succeeded', trial: 1 });
    expect([breaker.leaf, idsOf(breaker), breaker.context.trialSuccesses]).toEqual(['halfOpen.full', ['next'], 1]);
    expect(breaker.context.outage.lapsedTrials).toEqual([]);
  });

  it('S-32 once over, does not close a circuit that has opened again since', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50, recoveryTimeout: 100 });
    const { generation } = breaker.context;
    breaker.clock.advance(50);
    breaker.send({ ...started, trial: 'next' }, { type: 'call.failed', trial: 'next' });
    breaker.clock.advance(100);
    breaker.send({ type: 'call.succeeded', trial: 1, generation }, { type: 'call.succeeded', trial: 1 });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-32 remembers the latest thousand trials whose lease is over', () => {
    const breaker = startIn('halfOpen.free', { trialTimeout: 50, successThreshold: 5_000 });
    for (let n = 0; n < 1_005; n++) {
      breaker.send(started);
      breaker.clock.advance(50);
    }
    expect(breaker.context.outage.lapsedTrials).toHaveLength(1_000);
    breaker.send({ type: 'call.succeeded', trial: 5 });
    expect(breaker.context.trialSuccesses).toBe(0);
    breaker.send({ type: 'call.succeeded', trial: 6 }, { type: 'call.succeeded', trial: 1_005 });
    expect([breaker.context.trialSuccesses, breaker.context.outage.lapsedTrials.length]).toEqual([2, 998]);
  });

  it('S-32 ignores the end of a trial that was never started', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50 });
    breaker.clock.advance(50);
    const before = breaker.context;
    for (const type of ['call.succeeded', 'call.failed', 'call.ignored'] as const)
      breaker.send({ type, trial: 'never' });
    expect(breaker.context).toEqual(before);
  });

  it('S-32 can be ended for one trial alone, if it is over', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 2, trialTimeout: 50 });
    breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'b' });
    breaker.send({ type: 'trial.expired', trial: 'a' });
    expect(idsOf(breaker)).toEqual(['a', 'b']);
    breaker.clock.jump(50);
    breaker.send({ type: 'trial.expired', trial: 'a' });
    expect([breaker.leaf, idsOf(breaker)]).toEqual(['halfOpen.free', ['b']]);
  });

  it('S-32 a thousand trials that never settle never wedge the circuit', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 2, trialTimeout: 50 });
    for (let n = 0; n < 500; n++) {
      breaker.send(...times(2, started));
      expect(breaker.leaf).toBe('halfOpen.full');
      breaker.clock.advance(50);
      expect(breaker.leaf).toBe('halfOpen.free');
    }
    breaker.send(started, { type: 'call.succeeded' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-27 lasts at most one full lease from the first look after the clock went back', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50 });
    breaker.clock.jump(-3_600_000);
    const look = () => {
      const owed = overdueEvent(breaker.context, breaker.clock.now());
      if (owed) breaker.send(owed);
    };
    look();
    breaker.clock.jump(49);
    look();
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.jump(1);
    look();
    expect(breaker.leaf).toBe('halfOpen.free');
  });
});

describe('a lease that has run out while another slot was free', () => {
  const withOneLost = () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, successThreshold: 1, trialTimeout: 50 });
    breaker.send({ ...started, trial: 'lost' });
    breaker.clock.advance(50);
    return breaker;
  };

  it('S-32 takes no slot from the trials that start after it', () => {
    const breaker = withOneLost();
    breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'b' });
    expect(breaker.isAdmitting).toBe(true);
    breaker.send({ ...started, trial: 'c' });
    expect(breaker.isAdmitting).toBe(false);
    expect(idsOf(breaker)).toEqual(['a', 'b', 'c']);
  });

  it.each(['advance', 'jump'] as const)(
    'S-32 is over for the oldest trial, whose end needs no name (%s)',
    (passTime) => {
      const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, successThreshold: 9, trialTimeout: 50 });
      breaker.send({ ...started, trial: 'lost' });
      breaker.clock[passTime](20);
      breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'b' });
      breaker.clock[passTime](30);
      breaker.send({ type: 'call.succeeded' });
      expect(idsOf(breaker)).toEqual(['a', 'b']);
      breaker.send({ type: 'call.cancelled' });
      expect(idsOf(breaker)).toEqual(['b']);
      breaker.send({ type: 'call.succeeded', count: 2 }, { type: 'call.succeeded' }, { type: 'call.failed' });
      expect([breaker.leaf, idsOf(breaker), breaker.context.trialSuccesses]).toEqual(['halfOpen.free', [], 3]);
    },
  );

  it.each(['call.succeeded', 'call.failed'] as const)(
    'S-32 where a trial was announced and none is outstanding, a %s without a name is ignored',
    (type) => {
      const breaker = withOneLost();
      breaker.send({ type: 'call.cancelled', trial: 'lost' });
      const before = breaker.context;
      breaker.send({ type });
      expect(breaker.context).toEqual(before);
    },
  );

  it('S-32 where none was announced in the period, an end without a name counts', () => {
    const breaker = withOneLost();
    breaker.send({ type: 'breaker.trip' });
    breaker.clock.advance(breaker.context.waitMs ?? 0);
    breaker.send({ type: 'call.succeeded' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-32 does not keep its name: a trial of the same name has a lease of its own', () => {
    const breaker = withOneLost();
    breaker.send({ ...started, trial: 'lost' });
    breaker.clock.advance(10);
    breaker.send({ type: 'call.succeeded', trial: 'lost' });
    expect(breaker.leaf).toBe('closed');
  });
});

describe('a name that is given again', () => {
  it('S-32 stands for the new trial alone: its end leaves none that has not ended', () => {
    const breaker = startIn('halfOpen.free', { successThreshold: 9, trialTimeout: 50 });
    const named: BreakerEvent = { ...started, trial: 'again' };
    breaker.send(named);
    breaker.clock.advance(50);
    breaker.send(named, { type: 'call.succeeded' });
    expect([idsOf(breaker), breaker.context.outage.lapsedTrials]).toEqual([[], []]);
    breaker.send({ type: 'call.succeeded' });
    expect(breaker.context.trialSuccesses).toBe(1);
  });
});

describe('the number of a trial without a name', () => {
  it('S-32 is above those that were given as names, also of trials that have ended', () => {
    const breaker = startIn('halfOpen.free', { trialTimeout: 50 });
    breaker.send({ ...started, trial: 2 }, { type: 'call.cancelled', trial: 2 }, started);
    expect(idsOf(breaker)).toEqual([3]);
  });

  it('S-32 is given once: a late result is never taken for that of a newer trial', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, trialTimeout: 50 });
    breaker.send({ ...started, trial: 2 });
    breaker.clock.advance(40);
    breaker.send(started);
    const [, late] = idsOf(breaker);
    breaker.clock.advance(50);
    breaker.send({ type: 'trial.expired' }, started);
    expect(idsOf(breaker)).toHaveLength(1);
    breaker.send({ type: 'call.cancelled', trial: late });
    expect(idsOf(breaker)).toHaveLength(1);
  });
});

describe('a lease that is asked about with an old date', () => {
  it('S-32 is not cut short by a question that was asked before it began and arrives late', () => {
    const breaker = startIn('halfOpen.free', { trialTimeout: 50 });
    const asked = breaker.clock.now();
    breaker.clock.advance(30);
    breaker.send(started, { type: 'trial.expired', at: asked });
    breaker.clock.advance(49);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });
});
