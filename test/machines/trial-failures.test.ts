import { describe, expect, it } from 'vitest';
import { startIn } from './running-breaker.ts';

const S = { type: 'call.succeeded' } as const;
const F = { type: 'call.failed' } as const;
const slow = { type: 'call.succeeded', duration: 11 } as const;
const started = { type: 'trial.started' } as const;

/** halfOpenTrials 4, successThreshold 3, trialFailureThreshold 2, unless told otherwise. */
function startTrials(trialFailureThreshold = 2) {
  const limits = { halfOpenTrials: 4, successThreshold: 3, trialFailureThreshold, slowCallThreshold: 10 };
  const breaker = startIn('halfOpen.free', limits);
  breaker.send(started, started, started, started);
  return breaker;
}

describe('failed trials', () => {
  it.each([
    ['S F S S', [S, F, S, S], 'closed'],
    ['S F F', [S, F, F], 'open'],
    ['F S S', [F, S, S], 'halfOpen.free'],
    ['a slow success and a failure', [slow, F], 'open'],
    ['two slow successes', [S, slow, slow], 'open'],
    ['one slow success among good ones', [slow, S, S, S], 'closed'],
    ['two failures told at once', [{ ...F, count: 2 }], 'open'],
  ] as const)('S-31 S-37 S-38 two of them re-open: %s', (_title, ends, leaf) => {
    const breaker = startTrials();
    breaker.send(...ends);
    expect(breaker.leaf).toBe(leaf);
  });

  it('S-38 re-open at the first, unless told otherwise', () => {
    const breaker = startIn('halfOpen.free', { halfOpenTrials: 4, successThreshold: 3 });
    breaker.send(started, F);
    expect(breaker.leaf).toBe('open');
    expect(breaker.emitted.at(-1)).toMatchObject({
      by: 'trial',
      threshold: { option: 'trialFailureThreshold', value: 1 },
    });
  });

  it('S-38 re-open at once where one says that it is of no use to go on', () => {
    const breaker = startTrials(9);
    breaker.send({ ...F, openNow: true });
    expect(breaker.leaf).toBe('open');
  });

  it('S-33 S-38 give their slots back below the threshold', () => {
    const breaker = startTrials(3);
    expect(breaker.isAdmitting).toBe(false);
    breaker.send(F);
    expect([breaker.isAdmitting, breaker.context.trials.length]).toEqual([true, 3]);
    breaker.send(slow);
    expect([breaker.context.trials.length, breaker.context.outage.trialFailures]).toEqual([2, 2]);
  });

  it('S-28 S-38 make the wait longer once for each re-opening, not for each of them', () => {
    const breaker = startIn('halfOpen.free', {
      halfOpenTrials: 4,
      trialFailureThreshold: 3,
      recoveryBackoff: { factor: 2 },
    });
    breaker.send(started, started, started, F, F, F);
    expect(breaker.context).toMatchObject({ reopenings: 1, waitMs: 120_000 });
  });

  it('S-38 of an earlier half-open period do not count', () => {
    const breaker = startTrials();
    breaker.send(F, F);
    breaker.clock.advance(breaker.context.waitMs ?? 0);
    breaker.send(started, F);
    expect([breaker.leaf, breaker.context.outage.trialFailures]).toEqual(['halfOpen.free', 1]);
  });
});
