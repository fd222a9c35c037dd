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

  it.each(['call.succeeded', 'call.failed', 'call.ignored', 'call.cancelled'] as const)(
    'S-32 once run out, makes the late %s change nothing, whether or not a timer has fired',
    (type) => {
      for (const passTime of ['advance', 'jump'] as const) {
        const breaker = startIn('halfOpen.free', { trialTimeout: 50, halfOpenTrials: 2 });
        breaker.send({ ...started, trial: 'late' }, { ...started, trial: 'other' });
        breaker.clock[passTime](50);
        const { generation } = breaker.context;
        breaker.send({ type, trial: 'late' });
        expect(breaker.context.generation).toBe(generation);
        breaker.send({ type: 'trial.expired' });
        expect([breaker.leaf, idsOf(breaker)]).toEqual(['halfOpen.free', []]);
        expect(breaker.context.trialSuccesses).toBe(0);
      }
    },
  );

  it('S-32 lets a result count up to its last instant, judged by when the call ended', () => {
    const breaker = startIn('halfOpen.full', { trialTimeout: 50 });
    const start = breaker.clock.now();
    breaker.clock.jump(60);
    breaker.send({ type: 'call.succeeded', trial: 1, at: start + 50 });
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.send({ type: 'call.succeeded', trial: 1, at: start + 49 });
    expect(breaker.leaf).toBe('closed');
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

  it('S-32 is not that of the oldest trial any more: a success without a name is of the one that runs', () => {
    const breaker = withOneLost();
    breaker.send(started);
    breaker.clock.advance(10);
    breaker.send({ type: 'call.succeeded' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-33 is not that of the oldest trial any more: a cancelled call without a name is the one that runs', () => {
    for (const type of ['call.ignored', 'call.cancelled'] as const) {
      const breaker = withOneLost();
      breaker.clock.jump(-1);
      breaker.send({ ...started, trial: 'a' });
      breaker.clock.jump(1);
      breaker.send({ type });
      expect(idsOf(breaker)).toEqual([]);
    }
  });

  it.each(['call.succeeded', 'call.failed'] as const)(
    'S-32 makes a %s without a name late, if no other runs',
    (type) => {
      const breaker = withOneLost();
      breaker.send({ type });
      expect(breaker.leaf).toBe('halfOpen.free');
    },
  );

  it('S-32 does not keep its name: a trial of the same name has a lease of its own', () => {
    const breaker = withOneLost();
    breaker.send({ ...started, trial: 'lost' });
    breaker.clock.advance(10);
    breaker.send({ type: 'call.succeeded', trial: 'lost' });
    expect(breaker.leaf).toBe('closed');
  });
});

describe('the number of a trial without a name', () => {
  it('S-32 is given once: a late result is never taken for that of a newer trial', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, trialTimeout: 50 });
    breaker.send({ ...started, trial: 2 });
    breaker.clock.advance(40);
    breaker.send(started);
    const [, late] = idsOf(breaker);
    breaker.clock.advance(50);
    breaker.send({ type: 'trial.expired' }, started);
    expect(idsOf(breaker)).toHaveLength(1);
    breaker.send({ type: 'call.succeeded', trial: late });
    expect(breaker.leaf).toBe('halfOpen.free');
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
