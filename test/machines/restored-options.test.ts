import {
  type BreakerEvent,
  type BreakerMachineOptions,
  circuitBreakerMachine,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import {
  driveTo,
  inputFor,
  type Leaf,
  leaves,
  machineFor,
  observe,
  type RunningBreaker,
  startBreaker,
} from './running-breaker.ts';

const failed: BreakerEvent = { type: 'call.failed' };
const succeeded: BreakerEvent = { type: 'call.succeeded' };

/** The same breaker in another life, restored in XState's own way by a machine with these options. */
function restoredBy({ actor, clock }: RunningBreaker, options: BreakerMachineOptions): RunningBreaker {
  const snapshot = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
  actor.stop();
  const next = observe(createActor(createBreakerMachine(options), { snapshot, clock }), clock);
  next.actor.start();
  return next;
}

function start(options: BreakerMachineOptions, ...events: readonly BreakerEvent[]): RunningBreaker {
  const breaker = startBreaker({}, { machine: createBreakerMachine(options) });
  breaker.send(...events);
  return breaker;
}

describe('a breaker that was restored by a machine with other options', () => {
  it('S-79 is judged by them from the first event on, its counts included', () => {
    const breaker = restoredBy(start({ failureThreshold: 5 }, failed, failed), { failureThreshold: 3 });
    breaker.send(failed);
    expect([breaker.leaf, breaker.context.outage.counts?.consecutiveFailures]).toEqual(['open', 3]);
  });

  it.each<[string, BreakerEvent]>([
    ['undated', failed],
    ['dated', { ...failed, at: 1_000_005 }],
    ['by hand', { type: 'breaker.trip' }],
    ['by hand, dated', { type: 'breaker.trip', at: 1_000_005 }],
  ])('S-79 waits as long as they say from the first event on: %s', (_title, event) => {
    const breaker = restoredBy(start({ failureThreshold: 2, recoveryTimeout: 500 }, failed), {
      failureThreshold: 2,
      recoveryTimeout: 9_000,
    });
    breaker.send(event);
    expect(breaker.context).toMatchObject({ waitMs: 9_000, settings: { recoveryTimeoutMs: 9_000 } });
  });

  it.each<[BreakerEvent, ...BreakerEvent[]]>([
    [{ type: 'breaker.isolate' }],
    [{ type: 'breaker.disable' }],
    [{ type: 'breaker.reset' }, { type: 'breaker.disable' }],
    [{ type: 'breaker.enable' }, { type: 'breaker.disable' }],
    [{ type: 'breaker.release' }, { type: 'breaker.isolate' }],
  ])('S-79 tells by them of its first change, by hand: %j', (order, ...before) => {
    const breaker = restoredBy(start({ name: 'old' }, ...before), { name: 'new' });
    breaker.send(order);
    expect(breaker.context.name).toBe('new');
    expect(breaker.emitted.map(({ name }) => name)).toEqual(['new', 'new']);
  });

  it.each([1, 2])('S-79 lends as many slots as they say at once, where %d trials of one were running', (slots) => {
    const before = start({ recoveryTimeout: 500, halfOpenTrials: slots }, { type: 'breaker.trip' });
    before.clock.advance(500);
    before.send({ type: 'trial.started' });
    const breaker = restoredBy(before, { recoveryTimeout: 500, halfOpenTrials: 3 - slots });
    expect(breaker.leaf).toBe(slots === 1 ? 'halfOpen.free' : 'halfOpen.full');
  });

  it('S-79 keeps the end of a wait that is running', () => {
    const breaker = restoredBy(start({ recoveryTimeout: 500 }, { type: 'breaker.trip' }), { recoveryTimeout: 9_000 });
    breaker.clock.advance(499);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    breaker.send(failed);
    expect(breaker.context.waitMs).toBe(9_000);
  });

  it.each([100, 50_000])('S-79 keeps the end of a lease that is running, where one lasts %d ms now', (trialTimeout) => {
    const before = start({ recoveryTimeout: 500, trialTimeout: 400 }, { type: 'breaker.trip' });
    before.clock.advance(500);
    before.send({ type: 'trial.started' });
    before.clock.advance(50);
    const breaker = restoredBy(before, { recoveryTimeout: 500, trialTimeout });
    breaker.clock.advance(349);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    breaker.send({ type: 'trial.started' });
    breaker.clock.advance(trialTimeout - 1);
    expect(breaker.leaf).toBe('halfOpen.full');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-79 keeps the end of a lease beside one that begins and ends sooner', () => {
    const options = { recoveryTimeout: 500, halfOpenTrials: 3 };
    const before = start({ ...options, trialTimeout: 400 }, { type: 'breaker.trip' });
    before.clock.advance(500);
    before.send({ type: 'trial.started', trial: 'long' });
    const breaker = restoredBy(before, { ...options, trialTimeout: 100 });
    breaker.send({ type: 'trial.started', trial: 'short' });
    breaker.clock.jump(100);
    breaker.send({ type: 'trial.expired' });
    breaker.clock.jump(299);
    breaker.send({ type: 'trial.expired' });
    expect(breaker.context.trials.map(({ id }) => id)).toEqual(['long']);
    breaker.clock.jump(1);
    breaker.send({ type: 'trial.expired' });
    expect(breaker.context.trials).toEqual([]);
  });

  it('S-79 drops what was counted in another way', () => {
    const before = start({ failureThreshold: 3 }, failed, failed);
    const breaker = restoredBy(before, { failureRateThreshold: 1, minimumCalls: 2, windowSize: 4 });
    breaker.send(failed);
    expect([breaker.leaf, breaker.context.window.calls]).toEqual(['closed', 1]);
    breaker.send(failed);
    expect(breaker.leaf).toBe('open');
  });

  it('S-79 keeps what was counted in the same way', () => {
    const rate = { failureRateThreshold: 1, minimumCalls: 4, windowSize: 4 };
    const breaker = restoredBy(start(rate, failed, failed), { ...rate, minimumCalls: 3 });
    breaker.send(failed);
    expect(breaker.leaf).toBe('open');
  });

  it('S-79 has the name that they give, or the one that it had', () => {
    const stored = () => startBreaker({ name: 'given as input' }, { machine: createBreakerMachine({}) });
    const named = restoredBy(stored(), { name: 'search' });
    named.send(failed);
    expect(named.context.name).toBe('search');
    const unnamed = restoredBy(stored(), {});
    unnamed.send(failed);
    expect(unnamed.context.name).toBe('given as input');
  });

  it('S-79 leaves a ramp that there is none of any more', () => {
    const before = start({ recoveryRamp: { steps: 3, stepDuration: 100 } }, { type: 'breaker.trip' });
    before.clock.advance(60_000);
    before.send(succeeded);
    expect(before.leaf).toBe('halfOpen.ramping');
    const breaker = restoredBy(before, {});
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('closed');
  });

  it.each(leaves.filter((leaf) => leaf !== 'halfOpen.waiting'))(
    'S-77 S-79 answers every event once, in %s',
    (leaf: Leaf) => {
      for (const type of [
        'call.succeeded',
        'call.failed',
        'call.ignored',
        'trial.started',
        'trial.expired',
        'recovery.elapsed',
        'breaker.trip',
      ] as const) {
        const before = startBreaker(inputFor(leaf), { machine: machineFor(leaf, createBreakerMachine({})) });
        const breaker = restoredBy(driveTo(before, leaf), { failureThreshold: 9 });
        breaker.send({ type });
        breaker.send({ type, at: breaker.clock.now() });
        expect(breaker.actor.getSnapshot().status).toBe('active');
      }
    },
  );

  it('S-77 S-79 works also where the action that applies them is replaced by one that does not', () => {
    const machine = createBreakerMachine({ failureThreshold: 2 }).provide({ actions: { configure: () => {} } });
    const breaker = startBreaker({ failureThreshold: 1 }, { machine });
    breaker.send(failed);
    expect(breaker.leaf).toBe('open');
  });

  it('S-79 is not known to the machine that has no options: it goes on with those it had', () => {
    const { actor, clock } = startBreaker({ failureThreshold: 1 });
    const snapshot = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
    const next = observe(createActor(circuitBreakerMachine, { snapshot, clock }), clock);
    next.actor.start();
    next.send(failed);
    expect(next.leaf).toBe('open');
  });

  it('S-79 keeps input that its own actor was given, event after event', () => {
    const breaker = startBreaker({ failureThreshold: 2 }, { machine: createBreakerMachine({ failureThreshold: 9 }) });
    breaker.send(failed, failed);
    expect(breaker.leaf).toBe('open');
  });
});
