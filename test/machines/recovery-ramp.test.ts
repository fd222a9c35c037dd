import type { BreakerEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { type RunningBreaker, startIn } from './running-breaker.ts';

/** Three steps of 100 ms: a quarter, a half, three quarters of the calls. */
const recoveryRamp = { steps: 3, stepDuration: 100 };

function startRamping(input = {}): RunningBreaker {
  return startIn('halfOpen.ramping', { recoveryRamp, recoveryTimeout: 1_000, trialTimeout: 50, ...input });
}

function trial(name: string, lot?: number): BreakerEvent {
  return { type: 'trial.started', trial: name, lot };
}

const running = ({ context }: RunningBreaker) => context.trials.map(({ id }) => id);

describe('on a ramp', () => {
  it('begins when enough trials have gone well, and announces nothing', () => {
    const breaker = startIn('halfOpen.free', { recoveryRamp, halfOpenTrials: 2, successThreshold: 2 });
    const { generation } = breaker.context;
    breaker.send(trial('a'), trial('b'), { type: 'call.succeeded', trial: 'a' });
    expect(breaker.leaf).toBe('halfOpen.free');
    breaker.send({ type: 'call.succeeded', trial: 'b' });
    expect(breaker.leaf).toBe('halfOpen.ramping');
    expect(breaker.context).toMatchObject({ generation, trials: [], rampStartedAt: breaker.clock.now() });
    expect(breaker.emitted).toEqual([]);
    expect([...breaker.actor.getSnapshot().tags].sort()).toEqual(['admitting', 'trial']);
  });

  it('lets a call through if its lot is below the share', () => {
    const breaker = startRamping({ halfOpenTrials: 1 });
    breaker.send(trial('a', 0.249), trial('b', 0.25), trial('c', 0.1));
    expect(running(breaker)).toEqual(['a', 'c']);
    breaker.clock.jump(20);
    breaker.send({ type: 'call.succeeded', trial: 'a' }, { type: 'call.succeeded', trial: 'c' });
    breaker.clock.jump(80);
    breaker.send(trial('d', 0.25), trial('e', 0.5));
    expect(running(breaker)).toEqual(['d']);
    expect(breaker.leaf).toBe('halfOpen.ramping');
  });

  it('lets through in each step its share of a hundred calls, neither more nor less', () => {
    const breaker = startRamping({ trialTimeout: 5_000 });
    for (const expected of [25, 50, 75]) {
      for (let call = 0; call < 100; call++) breaker.send(trial(`${expected} ${call}`, call / 100));
      expect(running(breaker)).toHaveLength(expected);
      breaker.send({ type: 'call.succeeded', count: expected });
      expect(running(breaker)).toEqual([]);
      breaker.clock.advance(100);
    }
    expect(breaker.leaf).toBe('closed');
  });

  it('draws a lot by the clock of the actor for a call that brings none, or nonsense', () => {
    const breaker = startRamping();
    const lots = [0.2, 0.9, 0.2];
    breaker.clock.random = () => lots.shift() ?? Number.NaN;
    breaker.send(trial('a'), trial('b', Number.NaN), trial('c', 1));
    expect(running(breaker)).toEqual(['a', 'c']);
    expect(lots).toEqual([]);
  });

  it('moves the number of trials on for a call that is not let through, so that its caller can tell', () => {
    const breaker = startRamping();
    const { trialsStarted } = breaker.context;
    breaker.send({ type: 'trial.started', lot: 0.9 });
    expect(breaker.context).toMatchObject({ trials: [], trialsStarted: trialsStarted + 1 });
  });

  it('closes by its timer, once, and with nothing counted', () => {
    const breaker = startRamping();
    breaker.send(trial('a', 0), { type: 'call.succeeded', trial: 'a' });
    breaker.clock.advance(299);
    expect(breaker.leaf).toBe('halfOpen.ramping');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('closed');
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.closed']);
    expect(breaker.context).toMatchObject({ rampStartedAt: null, reopenings: 0, consecutiveFailures: 0 });
    expect(breaker.clock.pendingTimers).toBe(0);
  });

  it('S-21 closes without any timer, when somebody says that the time has passed', () => {
    const breaker = startRamping();
    breaker.clock.jump(299);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.ramping');
    breaker.clock.jump(1);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('closed');
  });

  it.each(['advance', 'jump'] as const)('S-21 S-35 ignores what ends when it is over, timers or not: %s', (move) => {
    const breaker = startRamping({ trialTimeout: 1_000 });
    breaker.send(trial('a', 0));
    breaker.clock[move](300);
    breaker.send({ type: 'call.failed', trial: 'a' }, { type: 'recovery.elapsed' });
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 0]);
  });

  it('S-21 is over for the first call that comes after its end, though nobody has noticed', () => {
    const breaker = startRamping({ failureThreshold: 1 });
    breaker.clock.jump(300);
    breaker.send({ type: 'trial.started' });
    expect([breaker.leaf, running(breaker)]).toEqual(['closed', []]);
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });

  it.each(['advance', 'jump'] as const)('S-27 lasts at most once more as long when the clock goes back: %s', (move) => {
    const breaker = startRamping();
    breaker.clock.jump(-3_600_000);
    breaker.send({ type: 'recovery.elapsed' });
    breaker.clock[move](299);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.ramping');
    breaker.clock[move](1);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('closed');
  });

  it('S-27 begins again with its smallest share after the clock went back, asked or not', () => {
    const breaker = startRamping();
    breaker.clock.jump(200);
    breaker.send(trial('a', 0.7));
    breaker.clock.jump(-3_600_000);
    breaker.send(trial('b', 0.25), trial('c', 0.24), { type: 'recovery.elapsed' }, trial('d', 0.25), trial('e', 0.24));
    expect(running(breaker)).toEqual(['a', 'c', 'e']);
    breaker.clock.jump(50);
    breaker.send({ type: 'trial.expired' });
    expect(running(breaker)).toEqual([]);
  });

  it('S-28 makes the next wait longer each time it fails; only its end resets that', () => {
    const breaker = startRamping({ recoveryBackoff: { factor: 2 } });
    for (const [reopenings, waitMs] of [
      [1, 2_000],
      [2, 4_000],
      [3, 8_000],
    ] as const) {
      breaker.clock.jump(150);
      breaker.send(trial('a', 0), { type: 'call.failed', trial: 'a' });
      expect(breaker.context).toMatchObject({ reopenings, waitMs });
      breaker.clock.advance(waitMs);
      breaker.send(trial('b'), { type: 'call.succeeded', trial: 'b' });
      expect(breaker.leaf).toBe('halfOpen.ramping');
    }
    breaker.clock.advance(300);
    expect([breaker.leaf, breaker.context.reopenings]).toEqual(['closed', 0]);
  });

  it('S-32 takes the result of its calls whether their lease still runs or not', () => {
    for (const after of [49, 50]) {
      const breaker = startRamping();
      breaker.clock.jump(30);
      breaker.send(trial('a', 0));
      breaker.clock.advance(after);
      breaker.send({ type: 'call.failed', trial: 'a' });
      expect(breaker.leaf).toBe('open');
    }
  });

  it('S-38 counts failed trials over the whole half-open period', () => {
    const breaker = startIn('halfOpen.free', { recoveryRamp, halfOpenTrials: 2, trialFailureThreshold: 3 });
    breaker.send(trial('a'), trial('b'), { type: 'call.failed', trial: 'a' }, { type: 'call.succeeded', trial: 'b' });
    breaker.send(trial('c', 0), trial('d', 0), { type: 'call.failed', trial: 'c' });
    expect([breaker.leaf, running(breaker)]).toEqual(['halfOpen.ramping', ['d']]);
    breaker.send({ type: 'call.succeeded', trial: 'd' }, trial('e', 0), { type: 'call.failed', trial: 'e' });
    expect(breaker.leaf).toBe('open');
  });

  it.each<[string, readonly BreakerEvent[]]>([
    ['a call that fails', [trial('a', 0), { type: 'call.failed', trial: 'a' }]],
    ['a failure that nobody announced', [{ type: 'call.failed' }]],
    ['a call that takes too long', [trial('a', 0), { type: 'call.succeeded', trial: 'a', duration: 11 }]],
    ['an order', [{ type: 'breaker.trip' }]],
  ])('S-31 opens again after %s', (_title, events) => {
    const breaker = startRamping({ slowCallThreshold: 10, recoveryBackoff: { factor: 2 } });
    breaker.send(...events);
    expect(breaker.leaf).toBe('open');
    const isOrder = events[0]?.type === 'breaker.trip';
    expect(breaker.context).toMatchObject(isOrder ? { reopenings: 0 } : { reopenings: 1, waitMs: 2_000 });
    expect(breaker.context.rampStartedAt).toBeNull();
    expect(breaker.emitted.at(-1)).toMatchObject({ type: 'breaker.opened' });
  });

  it('S-34 S-35 is not moved by neutral and late ends', () => {
    const breaker = startRamping();
    const { generation } = breaker.context;
    breaker.send(trial('a', 0), trial('b', 0), { type: 'call.ignored', trial: 'a' });
    breaker.send({ type: 'call.failed', generation: generation - 1 }, { type: 'call.failed', trial: 'gone' });
    expect([breaker.leaf, running(breaker)]).toEqual(['halfOpen.ramping', ['b']]);
    breaker.send({ type: 'call.cancelled', trial: 'b' });
    expect([breaker.leaf, running(breaker)]).toEqual(['halfOpen.ramping', []]);
  });

  it('S-32 S-35 hears of a trial that began before it, be its lease over or not', () => {
    for (const passed of [49, 50]) {
      const breaker = startIn('halfOpen.free', { recoveryRamp, halfOpenTrials: 2, trialTimeout: 50 });
      breaker.send(trial('slow'), trial('quick'), { type: 'call.succeeded', trial: 'quick' });
      expect([breaker.leaf, running(breaker)]).toEqual(['halfOpen.ramping', ['slow']]);
      breaker.clock.jump(passed);
      breaker.send({ type: 'call.failed', trial: 'slow' });
      expect(breaker.leaf).toBe('open');
    }
  });
});
