import {
  type BreakerEvent,
  type BreakerInput,
  createBreakerMachine,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recoveryWaitMs } from '../../machines/recovery-wait.ts';
import { runs } from '../support/runs.ts';
import { driveTo, inputFor, leaves, type RunningBreaker, startBreaker } from './running-breaker.ts';

const waitOf = (input: BreakerInput, reopenings: number, lot = 0.5) =>
  recoveryWaitMs(resolveSettings(input), reopenings, lot);

describe('the wait', () => {
  it('S-28 is recoveryTimeout without a backoff, however often trials fail', () => {
    for (const reopenings of [0, 1, 50]) expect(waitOf({ recoveryTimeout: 700 }, reopenings, 0.99)).toBe(700);
  });

  it('S-28 grows by factor with each failed trial, up to its cap', () => {
    const input = { recoveryTimeout: 100, recoveryBackoff: { factor: 3, maxRecoveryTimeout: 2_000 } };
    expect([0, 1, 2, 3, 4, 1e6].map((reopenings) => waitOf(input, reopenings))).toEqual([
      100, 300, 900, 2_000, 2_000, 2_000,
    ]);
  });

  it('S-28 is moved by jitter within its bounds, and capped after that', () => {
    const lots = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(lots, lots, fc.nat(6), (jitter, lot, reopenings) => {
        const input = { recoveryTimeout: 1_000, recoveryBackoff: { factor: 2, maxRecoveryTimeout: 20_000, jitter } };
        const plain = 1_000 * 2 ** reopenings;
        const wait = waitOf(input, reopenings, lot);
        expect(wait).toBeGreaterThanOrEqual(Math.min(20_000, Math.max(1, plain * (1 - jitter) - 1e-6)));
        expect(wait).toBeLessThanOrEqual(Math.min(20_000, plain * (1 + jitter) + 1e-6));
      }),
      { numRuns: runs(1_000) },
    );
    const half = { recoveryTimeout: 1_000, recoveryBackoff: { jitter: 0.5 } };
    expect([0, 0.5, 0.999_999].map((lot) => Math.round(waitOf(half, 0, lot)))).toEqual([500, 1_000, 1_500]);
  });

  it('S-26 S-28 is one that a timer can keep, at every extreme', () => {
    for (const factor of [1, 1000])
      for (const reopenings of [0, 1, 100, 10_000, Number.MAX_SAFE_INTEGER])
        for (const jitter of [0, 1])
          for (const lot of [0, 0.5, 0.999_999_999]) {
            const backoff = { factor, maxRecoveryTimeout: 2_147_483_647, jitter };
            const wait = waitOf({ recoveryTimeout: 1, recoveryBackoff: backoff }, reopenings, lot);
            expect(wait >= 1 && wait <= 2_147_483_647, `${factor} ${reopenings} ${jitter} ${lot}: ${wait}`).toBe(true);
          }
  });
});

/** Lets the wait of an open circuit pass without a timer, and lets a trial fail. */
function failTrial(breaker: RunningBreaker): void {
  breaker.clock.jump(Number(breaker.context.recoverAt) - breaker.clock.now());
  breaker.send({ type: 'recovery.elapsed' }, { type: 'trial.started' }, { type: 'call.failed' });
}

describe('an open circuit', () => {
  const input = { failureThreshold: 1, recoveryTimeout: 100, recoveryBackoff: { factor: 2, maxRecoveryTimeout: 500 } };

  it('S-28 waits longer with each failed trial; closing resets it', () => {
    const breaker = startBreaker(input);
    const waits: (number | null)[] = [];
    breaker.send({ type: 'call.failed' });
    for (let trial = 0; trial < 4; trial++) {
      waits.push(breaker.context.waitMs);
      expect(breaker.context.recoverAt).toBe(breaker.clock.now() + Number(breaker.context.waitMs));
      failTrial(breaker);
    }
    expect([...waits, breaker.context.waitMs]).toEqual([100, 200, 400, 500, 500]);
    breaker.clock.advance(499);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
    expect(breaker.context.waitMs).toBeNull();
    breaker.send({ type: 'trial.started' }, { type: 'call.succeeded' }, { type: 'call.failed' });
    expect([breaker.leaf, breaker.context.waitMs]).toEqual(['open', 100]);
  });

  it('S-28 asks chance only where jitter gives it a say', () => {
    let draws = 0;
    const breaker = startBreaker({ ...input, recoveryBackoff: { factor: 2 } });
    breaker.clock.random = () => ++draws * 0.1;
    breaker.send({ type: 'call.failed' });
    expect(draws).toBe(0);
    const moved = startBreaker({ ...input, recoveryBackoff: { factor: 1, jitter: 1 } });
    moved.clock.random = () => 0.75;
    moved.send({ type: 'call.failed' });
    expect(moved.context.waitMs).toBe(150);
  });

  it('S-28 waits as long as a function tells, which may be provided', () => {
    const asked: number[] = [];
    const recoveryBackoff = (reopenings: number) => {
      asked.push(reopenings);
      return 10 + reopenings;
    };
    const breaker = startBreaker({}, { machine: createBreakerMachine({ failureThreshold: 1, recoveryBackoff }) });
    breaker.send({ type: 'call.failed' });
    failTrial(breaker);
    expect([asked, breaker.context.waitMs]).toEqual([[0, 1], 11]);
  });

  it('S-27 waits at most one full wait more, as long as that may be, when the clock goes back', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 100 });
    breaker.send({ type: 'call.failed', openFor: 5_000 });
    breaker.clock.jump(-3_600_000);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.context.recoverAt).toBe(breaker.clock.now() + 5_000);
    breaker.clock.advance(4_999);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });
});

describe('a failure with a wait of its own', () => {
  const bad: BreakerEvent = { type: 'call.failed', openFor: 7_000 };

  it('has it instead of recoveryTimeout when it opens the circuit, or opens it again', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 100 });
    breaker.send(bad);
    expect(breaker.context).toMatchObject({ waitMs: 7_000, recoverAt: breaker.clock.now() + 7_000 });
    breaker.clock.advance(7_000);
    breaker.send({ type: 'trial.started' }, { type: 'call.failed', openFor: 20 });
    expect(breaker.context).toMatchObject({ waitMs: 20, reopenings: 1 });
    breaker.clock.advance(20);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('plays no part while it does not open the circuit', () => {
    const breaker = startBreaker({ failureThreshold: 2, recoveryTimeout: 100 });
    breaker.send(bad, { type: 'call.failed' });
    expect(breaker.context.waitMs).toBe(100);
  });

  it('opens the circuit at once if it says so, whatever the threshold', () => {
    const breaker = startBreaker({ failureRateThreshold: 1, windowSize: 100 });
    breaker.send({ type: 'call.failed', openNow: false });
    expect(breaker.leaf).toBe('closed');
    breaker.send({ type: 'call.failed', openNow: true, openFor: 50 });
    expect([breaker.leaf, breaker.context.waitMs]).toEqual(['open', 50]);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '60', null, {}])(
    'S-26 is an ordinary one if the wait is nonsense: %s',
    (openFor) => {
      const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 100 });
      Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'call.failed', openFor }]);
      expect(breaker.context.waitMs).toBe(100);
      Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'call.failed', openFor }]);
      expect(breaker.context.waitMs).toBe(100);
    },
  );

  it('extends the wait of an open circuit if it ends later, also from an earlier generation, and sets the timer anew', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1_000 });
    const { generation } = breaker.context;
    breaker.send({ type: 'call.failed' });
    breaker.clock.advance(400);
    const { since } = breaker.context;
    breaker.send({ type: 'call.failed', generation, openFor: 600 });
    expect(breaker.context).toMatchObject({ waitMs: 1_000, recoverAt: since + 1_000 });
    breaker.send({ type: 'call.failed', generation, openFor: 601 });
    expect(breaker.context).toMatchObject({ waitMs: 601, recoverAt: since + 1_001, since, generation: generation + 1 });
    expect(breaker.clock.pendingTimers).toBe(1);
    breaker.clock.advance(600);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-21 S-24 extends no wait that is over, though nobody has noticed', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1_000 });
    breaker.send({ type: 'call.failed' });
    breaker.clock.jump(1_000);
    breaker.send({ type: 'call.failed', generation: 0, openFor: 60_000 }, { type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it.each(leaves.filter((leaf) => leaf === 'isolated' || leaf === 'disabled'))('changes nothing in %s', (leaf) => {
    const breaker = driveTo(startBreaker(inputFor(leaf)), leaf);
    const before = breaker.context;
    breaker.send({ type: 'call.failed', openNow: true, openFor: 7_000 });
    expect([breaker.leaf, breaker.context]).toEqual([leaf, before]);
  });
});
