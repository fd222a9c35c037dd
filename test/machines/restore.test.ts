import { type BreakerEvent, callFailed, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/test-clock.ts';
import { type HostOptions, hostNames, startHost } from './hosts.ts';
import { driveTo, inputFor, type Leaf, leaves, machineFor } from './running-breaker.ts';

const input = { failureThreshold: 3, recoveryTimeout: 1000, trialTimeout: 50, halfOpenTrials: 2 };

describe.each(hostNames)('restored by plain XState, %s', (name) => {
  /** Stores a breaker in a leaf, lets time pass while nobody runs it, and restores it. */
  const restoreAfter = (leaf: Leaf, ms: number, options: HostOptions = { input: { ...input, ...inputFor(leaf) } }) => {
    const machine = machineFor(leaf);
    const first = startHost(name, { machine, ...options });
    driveTo(first.breaker, leaf);
    first.breaker.clock.advance(10);
    const snapshot = first.persist();
    first.stop();
    const clock = createTestClock(first.breaker.clock.now() + ms);
    const second = startHost(name, { machine, ...options, clock, snapshot });
    return { ...second, before: first.breaker.actor.getSnapshot().context };
  };

  it('S-71 recovers by itself after what is left of its wait', () => {
    const { breaker } = restoreAfter('open', 400);
    breaker.clock.advance(589);
    expect(breaker.leaf).toBe('open');
    expect(breaker.emitted).toEqual([]);
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.halfOpened']);
  });

  it.each([990, 991, 1_000_000_000])(
    'S-71 is half-open at once when its wait ended %d ms after it was stored',
    (ms) => {
      const { breaker } = restoreAfter('open', ms);
      expect(breaker.leaf).toBe('halfOpen.free');
      expect(breaker.context.since).toBe(breaker.clock.now());
      expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.halfOpened']);
    },
  );

  it('S-21 S-71 recovers without a timer too', () => {
    const { breaker } = restoreAfter('open', 0);
    breaker.clock.jump(990);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-71 waits at most one full wait where the clock is far behind', () => {
    const { breaker } = restoreAfter('open', -3_600_000);
    breaker.clock.advance(999);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-71 gives every slot back when its lease is over, timers or not', () => {
    const { breaker } = restoreAfter('halfOpen.full', 0);
    breaker.clock.advance(39);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.context.trials).toEqual([]);
  });

  it('S-71 has free slots at once when the leases ended in between', () => {
    const { breaker } = restoreAfter('halfOpen.full', 40);
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.context.trials).toEqual([]);
    expect(breaker.emitted).toEqual([]);
  });

  it('S-71 hears the result of a trial whose lease still runs', () => {
    const { breaker } = restoreAfter('halfOpen.full', 20);
    breaker.send({ type: 'call.succeeded', trial: 2 });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-71 goes on with its ramp, and closes by itself after what is left of it', () => {
    const { breaker } = restoreAfter('halfOpen.ramping', 40);
    breaker.send({ type: 'trial.started', trial: 'mine', lot: 0.2 });
    expect(breaker.context.trials.map(({ id }) => id)).toEqual(['mine']);
    breaker.clock.advance(249);
    expect(breaker.leaf).toBe('halfOpen.ramping');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('closed');
  });

  it.each([290, 291, 1_000_000_000])('S-71 is closed at once when its ramp ended %d ms after it was stored', (ms) => {
    const { breaker } = restoreAfter('halfOpen.ramping', ms);
    expect(breaker.leaf).toBe('closed');
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.closed']);
  });

  it('S-71 keeps its ramp for one full ramp more at most where the clock is far behind', () => {
    const { breaker } = restoreAfter('halfOpen.ramping', -3_600_000);
    breaker.clock.advance(299);
    expect(breaker.leaf).toBe('halfOpen.ramping');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('closed');
  });

  it('S-71 keeps a wait that a failure has asked for, and its backoff', () => {
    const first = startHost(name, { input: { ...input, failureThreshold: 1, recoveryBackoff: { factor: 2 } } });
    first.breaker.send({ type: 'call.failed', openFor: 300 });
    const clock = createTestClock(first.breaker.clock.now() + 299);
    const { breaker } = startHost(name, { clock, snapshot: first.persist() });
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    breaker.send({ type: 'trial.started' }, { type: 'call.failed' });
    expect(breaker.context.waitMs).toBe(2_000);
  });

  it('S-71 goes on recovering when it is stored and restored again and again', () => {
    let { breaker, persist } = restoreAfter('open', 0);
    for (let n = 0; n < 9; n++) {
      breaker.clock.advance(100);
      expect(breaker.leaf).toBe('open');
      ({ breaker, persist } = startHost(name, { clock: createTestClock(breaker.clock.now()), snapshot: persist() }));
    }
    breaker.clock.advance(89);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it.each(leaves)('S-71 continues in %s with the same context, and as many timers', (leaf) => {
    const { breaker, before } = restoreAfter(leaf, 0);
    expect(breaker.leaf).toBe(leaf);
    expect(breaker.context).toEqual(before);
    expect(breaker.clock.pendingTimers).toBe(['open', 'halfOpen.full', 'halfOpen.ramping'].includes(leaf) ? 1 : 0);
    expect(breaker.emitted).toEqual([]);
  });

  it('S-71 keeps its counts, its generation and its settings', () => {
    const bad: BreakerEvent = { type: 'call.failed' };
    const first = startHost(name, { input: { ...input, name: 'search', failureWindow: 500 } });
    first.breaker.send({ type: 'breaker.reset' }, bad, bad);
    const { breaker } = startHost(name, { snapshot: first.persist(), input: { failureThreshold: 100 } });
    breaker.send({ type: 'call.failed', generation: 0 });
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
    expect(breaker.emitted.at(-1)).toMatchObject({ type: 'breaker.opened', name: 'search', generation: 2 });
  });

  it('S-60 S-71 keeps every hold, and can be released', () => {
    const first = startHost(name, { input });
    first.breaker.send({ type: 'breaker.isolate' }, { type: 'breaker.isolate' });
    const { breaker } = startHost(name, { snapshot: first.persist() });
    breaker.send({ type: 'breaker.release' });
    expect(breaker.leaf).toBe('isolated');
    breaker.send({ type: 'breaker.release' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-71 still judges by the functions that its machine was given', () => {
    const machine = createBreakerMachine({ ...input, failureThreshold: 1, excludedErrors: [RangeError] });
    const { breaker } = restoreAfter('closed', 0, { machine });
    breaker.send(callFailed(new RangeError('excluded')));
    expect(breaker.leaf).toBe('closed');
    breaker.send(callFailed(new TypeError('counts')));
    expect(breaker.leaf).toBe('open');
  });

  it('S-25 leaves no timer behind when it is stopped', () => {
    for (const leaf of leaves) {
      const { breaker, stop } = restoreAfter(leaf, 0);
      stop();
      expect(breaker.clock.pendingTimers).toBe(0);
    }
  });
});
