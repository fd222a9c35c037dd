import { type BreakerContext, overdueEvent, timeToRetryMs } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { leaseDelayMs, rampDelayMs, recoveryDelayMs } from '../../machines/overdue.ts';
import { startBreaker } from './running-breaker.ts';

const idle = startBreaker({ recoveryTimeout: 1000, trialTimeout: 50 }).context;
const open: BreakerContext = { ...idle, recoverAt: 5000, waitMs: 1000 };
const ramping: BreakerContext = {
  ...startBreaker({ recoveryRamp: { steps: 3, stepDuration: 100 } }).context,
  rampStartedAt: 1000,
};
const trying: BreakerContext = {
  ...idle,
  trials: [
    { id: 'b', expiresAt: 540 },
    { id: 'a', expiresAt: 520 },
  ],
};

describe('what time owes a breaker', () => {
  it('is nothing where nobody waits', () => {
    for (const now of [0, 1e15]) expect(overdueEvent(idle, now)).toBeUndefined();
  });

  it.each<[number, boolean]>([
    [4999, false],
    [5000, true],
    [1e15, true],
    [4000, false],
    [3998, true],
    [-1e15, true],
  ])(
    'S-21 S-27 with a wait of 1000 until 5000, at %d is the end of the wait, or a look at a clock gone back: %s',
    (now, isOwed) => {
      expect(overdueEvent(open, now)).toEqual(isOwed ? { type: 'recovery.elapsed', at: now } : undefined);
    },
  );

  it.each<[number, boolean]>([
    [1000, false],
    [1299, false],
    [1300, true],
    [1e15, true],
    [999, false],
    [998, true],
  ])('S-21 S-27 with a ramp of 300 from 1000, at %d is its end, or a look: %s', (now, isOwed) => {
    expect(overdueEvent(ramping, now)).toEqual(isOwed ? { type: 'recovery.elapsed', at: now } : undefined);
  });

  it.each<[number, boolean]>([
    [519, false],
    [520, true],
    [1e15, true],
    [490, false],
    [488, true],
  ])('S-32 S-27 with leases of 50 until 520 and 540, at %d is the end of a lease, or a look: %s', (now, isOwed) => {
    expect(overdueEvent(trying, now)).toEqual(isOwed ? { type: 'trial.expired', at: now } : undefined);
  });
});

describe('the time to retry', () => {
  it('S-23 counts down to zero, and is null where time changes nothing', () => {
    expect([4000, 4999.5, 5000, 6000].map((now) => timeToRetryMs(open, now))).toEqual([1000, 0.5, 0, 0]);
    expect([500, 520, 530].map((now) => timeToRetryMs(trying, now))).toEqual([20, 0, 0]);
    expect(timeToRetryMs(idle, 0)).toBeNull();
  });

  it('is that to the next step of a ramp', () => {
    expect([1000, 1099, 1100, 1250, 900].map((now) => timeToRetryMs(ramping, now))).toEqual([100, 1, 100, 50, 100]);
  });
});

describe('a delay', () => {
  it('S-26 is the rest of the wait: never negative, never more than a full one', () => {
    expect([4000, 4600, 5000, 9000, -1e15].map((now) => recoveryDelayMs(open, now))).toEqual([1000, 400, 0, 0, 1000]);
    expect(recoveryDelayMs(idle, 7)).toBe(0);
  });

  it('S-26 is the rest of a ramp: never negative, never more than a full one', () => {
    expect([1000, 1200, 1300, 9000, -1e15].map((now) => rampDelayMs(ramping, now))).toEqual([300, 100, 0, 0, 300]);
  });

  it('S-26 is the rest of the first lease: never negative, never endless', () => {
    expect([500, 519, 520, 900, -1e15].map((now) => leaseDelayMs(trying, now))).toEqual([20, 1, 0, 0, 50]);
    expect(leaseDelayMs(idle, 7)).toBe(50);
  });
});
