import { type BreakerEvent, callFailed, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { startIn, times } from './running-breaker.ts';

const started: BreakerEvent = { type: 'trial.started' };

describe('half-open, letting trials in', () => {
  it.each([1, 2, 3, 10])('S-30 S-36 admits exactly %d trials of a thousand that want in', (halfOpenTrials) => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials });
    let admitted = 0;
    for (let n = 0; n < 1000; n++) {
      if (!breaker.isAdmitting) continue;
      admitted++;
      breaker.send(started);
    }
    expect(admitted).toBe(halfOpenTrials);
    breaker.send(...times(10, started));
    expect(breaker.context.trials.map(({ id }) => id)).toEqual(Array.from({ length: halfOpenTrials }, (_, n) => n + 1));
  });

  it('S-30 gives a trial that names itself twice one slot', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 2 });
    breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'a' });
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.context.trials).toHaveLength(1);
  });

  it('S-30 gives a trial without a name a slot of its own, whatever names are in use', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 2 });
    breaker.send({ ...started, trial: 2 }, started);
    expect(breaker.leaf).toBe('halfOpen.full');
    expect(breaker.context.trials).toHaveLength(2);
  });

  it('takes a zero and an empty string for names like any other', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 2, successThreshold: 2 });
    breaker.send({ ...started, trial: 0 }, { ...started, trial: '' });
    expect(breaker.context.trials.map(({ id }) => id)).toEqual([0, '']);
    breaker.send({ type: 'call.succeeded', trial: '' });
    expect(breaker.context.trials.map(({ id }) => id)).toEqual([0]);
  });
});

describe('half-open, judging trials', () => {
  it.each([1, 2, 3, 7])('S-31 closes after %d successful trials, not before', (successThreshold) => {
    const breaker = startIn('halfOpen.free', { successThreshold });
    for (let n = 1; n <= successThreshold; n++) {
      expect(breaker.leaf).toBe('halfOpen.free');
      breaker.send(started, { type: 'call.succeeded', trial: n });
    }
    expect(breaker.leaf).toBe('closed');
    expect(breaker.context).toMatchObject({ trials: [], trialSuccesses: 0, reopenings: 0 });
  });

  it('S-31 re-opens on one failure, however many have succeeded, with a fresh wait', () => {
    const breaker = startIn('halfOpen.free', { successThreshold: 3, recoveryTimeout: 1000 });
    breaker.send(started, { type: 'call.succeeded' }, started, { type: 'call.succeeded' });
    breaker.clock.advance(700);
    breaker.send(started, { type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
    expect(breaker.context).toMatchObject({ recoverAt: breaker.clock.now() + 1000, reopenings: 1, trialSuccesses: 0 });
    breaker.clock.advance(1000);
    expect(breaker.leaf).toBe('halfOpen.free');
    breaker.send(started, { type: 'call.succeeded' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it.each(['breaker.reset', 'breaker.isolate', 'breaker.disable', 'call.succeeded'] as const)(
    'S-31 counts its re-openings until %s',
    (type) => {
      const breaker = startIn('halfOpen.free', { recoveryTimeout: 1000 });
      for (let n = 1; n <= 3; n++) {
        breaker.send(started, { type: 'call.failed' });
        expect(breaker.context.reopenings).toBe(n);
        breaker.clock.advance(1000);
      }
      breaker.send({ type });
      expect(breaker.context.reopenings).toBe(0);
    },
  );

  it('S-31 needs no trial to be announced: the end of a call alone is judged', () => {
    const closing = startIn('halfOpen.free');
    closing.send({ type: 'call.succeeded' });
    expect(closing.leaf).toBe('closed');
    const opening = startIn('halfOpen.free');
    opening.send({ type: 'call.failed' });
    expect(opening.leaf).toBe('open');
  });

  it('takes an end without a name for that of the oldest trial', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 3, successThreshold: 3 });
    breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'b' }, { ...started, trial: 'c' });
    const running = () => breaker.context.trials.map(({ id }) => id).join('');
    breaker.send({ type: 'call.succeeded' });
    expect(running()).toBe('bc');
    breaker.send({ type: 'call.ignored' });
    expect(running()).toBe('c');
    breaker.send({ type: 'call.cancelled' });
    expect(running()).toBe('');
  });

  it('S-34 neither closes nor re-opens on a neutral outcome, and gives the slot back', () => {
    const machine = createBreakerMachine({ failurePredicate: (error) => !(error instanceof RangeError) });
    for (const neutral of [
      { type: 'call.ignored' } as const,
      { type: 'call.cancelled' } as const,
      callFailed(new RangeError('does not count')),
    ]) {
      const breaker = startIn('halfOpen.free', { successThreshold: 2 }, { machine });
      for (let n = 0; n < 20; n++) {
        breaker.send(started);
        expect(breaker.leaf).toBe('halfOpen.full');
        breaker.send(neutral);
        expect(breaker.leaf).toBe('halfOpen.free');
      }
      expect(breaker.context).toMatchObject({ trials: [], trialSuccesses: 0 });
    }
  });

  it.each(['call.ignored', 'call.cancelled', 'call.succeeded'] as const)(
    'S-33 gives a slot back once on %s, not twice',
    (type) => {
      const breaker = startIn('halfOpen.free', { halfOpenTrials: 2, successThreshold: 5 });
      breaker.send({ ...started, trial: 'a' }, { ...started, trial: 'b' });
      breaker.send({ type, trial: 'a' }, { type, trial: 'a' }, { type, trial: 'a' });
      expect(breaker.context.trials.map(({ id }) => id)).toEqual(['b']);
      expect(breaker.context.trialSuccesses).toBe(type === 'call.succeeded' ? 1 : 0);
    },
  );

  it('S-33 has every slot free again after it has been left by any way', () => {
    for (const type of ['breaker.trip', 'breaker.reset', 'breaker.isolate', 'breaker.disable'] as const) {
      const breaker = startIn('halfOpen.full', { halfOpenTrials: 3 });
      breaker.send({ type });
      expect(breaker.context.trials).toEqual([]);
      expect(breaker.clock.pendingTimers).toBe(type === 'breaker.trip' ? 1 : 0);
    }
  });

  it('S-35 ignores what belongs to an earlier half-open period', () => {
    const breaker = startIn('halfOpen.free', { recoveryTimeout: 1000 });
    const { generation } = breaker.context;
    breaker.send({ ...started, trial: 'old' }, { type: 'breaker.trip' });
    breaker.clock.advance(1000);
    breaker.send({ ...started, trial: 'new' });
    for (const type of ['call.succeeded', 'call.failed', 'call.ignored', 'call.cancelled'] as const)
      breaker.send({ type, trial: 'old' }, { type, generation }, { type, generation, trial: 'new' });
    expect(breaker.leaf).toBe('halfOpen.full');
    expect(breaker.context.trials.map(({ id }) => id)).toEqual(['new']);
  });
});
