import { type BreakerEvent, callFailed, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { startBreaker, times } from './running-breaker.ts';

const ok: BreakerEvent = { type: 'call.succeeded' };
const bad: BreakerEvent = { type: 'call.failed' };

describe('closed, counting failures in a row', () => {
  it('S-10 opens with the failure that makes failureThreshold in a row, not before', () => {
    for (const failureThreshold of [1, 2, 5, 50]) {
      const breaker = startBreaker({ failureThreshold });
      breaker.send(...times(failureThreshold - 1, bad));
      expect(breaker.leaf).toBe('closed');
      expect(breaker.context.consecutiveFailures).toBe(failureThreshold - 1);
      breaker.send(bad);
      expect(breaker.leaf).toBe('open');
    }
  });

  it('S-10 stays closed on F S F F with a threshold of 3, and opens on the next failure', () => {
    const breaker = startBreaker({ failureThreshold: 3 });
    breaker.send(bad, ok, bad, bad);
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-10 counts failures in a row however far apart they are', () => {
    const breaker = startBreaker({ failureThreshold: 2 });
    breaker.send(bad);
    breaker.clock.advance(1_000_000_000);
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-10 opens on several failures that are reported together', () => {
    const breaker = startBreaker({ failureThreshold: 4 });
    breaker.send(bad, { type: 'call.failed', count: 2 });
    expect(breaker.leaf).toBe('closed');
    breaker.send({ type: 'call.failed', count: 3 });
    expect(breaker.leaf).toBe('open');
  });

  it.each([0, -3, 0.5, Number.NaN, Infinity])('counts one failure for a count that is none: %d', (count) => {
    const breaker = startBreaker({ failureThreshold: 2 });
    breaker.send({ type: 'call.failed', count });
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 1]);
  });

  it('S-34 keeps a run of failures through ignored, cancelled and excluded outcomes', () => {
    const machine = createBreakerMachine({ excludedErrors: [RangeError] });
    const breaker = startBreaker({ failureThreshold: 2 }, { machine });
    breaker.send(bad, { type: 'call.ignored' }, { type: 'call.cancelled' }, callFailed(new RangeError('excluded')));
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 1]);
    breaker.send(callFailed(new TypeError('counts')));
    expect(breaker.leaf).toBe('open');
  });

  it('S-43 stays closed through fifty cancelled calls in a row, and counts none of them', () => {
    const breaker = startBreaker({ failureThreshold: 1 });
    const before = breaker.context;
    breaker.send(...times<BreakerEvent>(50, { type: 'call.cancelled' }));
    expect(breaker.leaf).toBe('closed');
    expect(breaker.context).toEqual(before);
  });

  it('S-15 opens once on 200 failures at once, with the wait of the first that tripped it', () => {
    const breaker = startBreaker({ failureThreshold: 5, recoveryTimeout: 1000 });
    const start = breaker.clock.now();
    for (let n = 0; n < 200; n++) {
      breaker.send({ type: 'call.failed', generation: 0 });
      breaker.clock.advance(1);
    }
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.opened']);
    expect(breaker.context).toMatchObject({ generation: 1, recoverAt: start + 4 + 1000 });
  });

  it('S-16 has forgotten every failure once it has recovered', () => {
    for (const failureWindow of [undefined, 10_000]) {
      const breaker = startBreaker({ failureThreshold: 2, recoveryTimeout: 100, failureWindow });
      breaker.send(bad, bad);
      breaker.clock.advance(100);
      breaker.send(ok, bad);
      expect(breaker.leaf).toBe('closed');
      expect(breaker.context.consecutiveFailures).toBe(1);
      breaker.send(bad);
      expect(breaker.leaf).toBe('open');
    }
  });
});

describe('closed, an outcome of an earlier generation', () => {
  it('S-35 neither counts nor clears', () => {
    const breaker = startBreaker({ failureThreshold: 3 });
    breaker.send({ type: 'breaker.reset' }, bad, bad);
    breaker.send({ type: 'call.succeeded', generation: 0 });
    expect(breaker.context.consecutiveFailures).toBe(2);
    breaker.send({ type: 'call.failed', generation: 0 }, { type: 'call.failed', generation: 0, count: 9 });
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 2]);
    breaker.send({ type: 'call.failed', generation: 1 });
    expect(breaker.leaf).toBe('open');
  });

  it('S-35 is the outcome of a trial too, once the trials have closed the circuit', () => {
    const breaker = startBreaker({ failureThreshold: 1, halfOpenTrials: 2, recoveryTimeout: 10 });
    breaker.send(bad);
    breaker.clock.advance(10);
    breaker.send({ type: 'trial.started', trial: 'a' }, { type: 'trial.started', trial: 'b' });
    breaker.send({ type: 'call.succeeded', trial: 'a' });
    expect(breaker.leaf).toBe('closed');
    breaker.send({ type: 'call.failed', trial: 'b' });
    expect(breaker.leaf).toBe('closed');
  });
});
