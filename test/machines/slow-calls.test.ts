import { type BreakerEvent, callFailed, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { startBreaker, startIn, times } from './running-breaker.ts';

const slowCallThreshold = 100;
const slow: BreakerEvent = { type: 'call.succeeded', duration: 100.5 };
const quick: BreakerEvent = { type: 'call.succeeded', duration: 100 };

describe('a call that takes longer than slowCallThreshold', () => {
  it('S-37 counts as a failure, though it went well', () => {
    const breaker = startBreaker({ slowCallThreshold, failureThreshold: 3 });
    breaker.send(slow, slow);
    expect(breaker.context).toMatchObject({ consecutiveFailures: 2, window: { calls: 2, failures: 2, slow: 2 } });
    breaker.send(quick, slow, slow);
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 2]);
    breaker.send(slow);
    expect(breaker.leaf).toBe('open');
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.opened']);
  });

  it('S-37 is a slow failure if it failed, too', () => {
    const breaker = startBreaker({ slowCallThreshold });
    breaker.send({ type: 'call.failed', duration: 101 }, { type: 'call.failed', duration: 1 }, { type: 'call.failed' });
    expect(breaker.context.window).toMatchObject({ calls: 3, failures: 3, slow: 1 });
  });

  it('S-37 counts in every way of counting', () => {
    const ways = [{ failureWindow: 50 }, { failureRateThreshold: 1, minimumCalls: 3, windowSize: 3 }];
    for (const way of [...ways, { failureRateThreshold: 1, minimumCalls: 3, failureWindow: 50 }]) {
      const breaker = startBreaker({ slowCallThreshold, failureThreshold: 3, ...way });
      breaker.send(slow, slow);
      expect(breaker.leaf).toBe('closed');
      breaker.send(slow);
      expect(breaker.leaf).toBe('open');
    }
  });

  it('S-37 stands for as many failures as it stands for calls', () => {
    const breaker = startBreaker({ slowCallThreshold, failureThreshold: 5 });
    breaker.send({ ...slow, count: 4 });
    expect(breaker.context.consecutiveFailures).toBe(4);
    breaker.send({ ...slow, count: 2 });
    expect(breaker.leaf).toBe('open');
  });

  it('S-37 re-opens as a trial, with the wait of a failed one', () => {
    const breaker = startIn('halfOpen.free', { slowCallThreshold, recoveryTimeout: 1_000 });
    breaker.send({ type: 'trial.started', trial: 'a' }, { ...slow, trial: 'a' });
    expect(breaker.leaf).toBe('open');
    expect(breaker.context).toMatchObject({ reopenings: 1, recoverAt: breaker.clock.now() + 1_000 });
    const other = startIn('halfOpen.free', { slowCallThreshold });
    other.send({ type: 'trial.started', trial: 'a' }, { ...quick, trial: 'a' });
    expect(other.leaf).toBe('closed');
  });

  it('S-35 S-37 changes nothing when it comes too late', () => {
    const breaker = startBreaker({ slowCallThreshold, failureThreshold: 1 });
    breaker.send({ type: 'breaker.reset' });
    const before = breaker.context;
    breaker.send({ ...slow, generation: 0 });
    expect([breaker.leaf, breaker.context]).toEqual(['closed', before]);
  });

  it('is neutral if its error does not count, however long it took', () => {
    const machine = createBreakerMachine({ slowCallThreshold, failureThreshold: 1, excludedErrors: [RangeError] });
    const breaker = startBreaker({}, { machine });
    const before = breaker.context;
    breaker.send(callFailed(new RangeError('excluded'), { duration: 1e6 }));
    expect([breaker.leaf, breaker.context]).toEqual(['closed', before]);
  });

  it.each([undefined, Number.NaN, -1, 0])('is not one that took %s ms', (duration) => {
    const breaker = startBreaker({ slowCallThreshold, failureThreshold: 1 });
    breaker.send({ type: 'call.succeeded', duration });
    expect(breaker.leaf).toBe('closed');
  });

  it('does not exist without the option', () => {
    const breaker = startBreaker({ failureThreshold: 1 });
    breaker.send(...times(5, { ...slow, duration: 1e12 }));
    expect(breaker.leaf).toBe('closed');
    expect(breaker.context.window).toMatchObject({ calls: 5, failures: 0, slow: 0 });
  });
});
