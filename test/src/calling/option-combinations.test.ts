import { createBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import { resolveSettings } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { errorOf, makers, startActor } from './makers.ts';

const rate = { failureRateThreshold: 0.5 } as const;

/** Options that are right by themselves and contradict one another, with the one that is named. */
const contradictions: readonly [options: object, option: string, says: string][] = [
  [{ windowSize: 20 }, 'windowSize', 'failureRateThreshold'],
  [{ windowSize: 20, failureWindow: 1000 }, 'windowSize', 'failureRateThreshold'],
  [{ minimumCalls: 5 }, 'minimumCalls', 'failureRateThreshold'],
  [{ minimumCalls: 10 }, 'minimumCalls', 'failureRateThreshold'],
  [{ minimumCalls: 5, failureWindow: 1000 }, 'minimumCalls', 'failureRateThreshold'],
  [rate, 'failureRateThreshold', 'windowSize'],
  [{ ...rate, minimumCalls: 5 }, 'failureRateThreshold', 'failureWindow'],
  [{ ...rate, windowSize: 20, failureWindow: 1000 }, 'windowSize', 'failureWindow'],
  [{ ...rate, windowSize: 4, minimumCalls: 5 }, 'windowSize', 'minimumCalls (5), but was 4'],
  [{ ...rate, windowSize: 9 }, 'windowSize', 'minimumCalls (10), but was 9'],
  [{ ...rate, windowSize: 1 }, 'windowSize', 'minimumCalls (10), but was 1'],
  [
    { recoveryTimeout: 1000, recoveryBackoff: { maxRecoveryTimeout: 999 } },
    'recoveryBackoff',
    '(1000), but it was 999',
  ],
  [{ recoveryBackoff: { maxRecoveryTimeout: 59_999 } }, 'recoveryBackoff', '(60000), but it was 59999'],
  [{ recoveryRamp: { steps: 2, stepDuration: 1_073_741_824 } }, 'recoveryRamp', '2147483647 ms in all'],
  [{ recoveryRamp: { steps: 1000, stepDuration: 2_147_484 } }, 'recoveryRamp', 'but was 2147484000'],
];

/** Options at the edge of contradicting one another. */
const agreements: readonly object[] = [
  { ...rate, windowSize: 10 },
  { ...rate, windowSize: 5, minimumCalls: 5 },
  { ...rate, windowSize: 1, minimumCalls: 1 },
  { ...rate, failureWindow: 1 },
  { ...rate, failureWindow: 1000, minimumCalls: 2_147_483_647 },
  { ...rate, windowSize: 1_000_000, minimumCalls: 1_000_000 },
  { ...rate, windowSize: 20, failureWindow: undefined },
  { windowSize: undefined, minimumCalls: undefined, failureWindow: 1000 },
  { recoveryTimeout: 1000, recoveryBackoff: { maxRecoveryTimeout: 1000 } },
  // The default of the longest wait gives way to a recoveryTimeout that is longer.
  { recoveryTimeout: 2_147_483_647, recoveryBackoff: {} },
  { recoveryRamp: { steps: 1, stepDuration: 2_147_483_647 } },
  { recoveryRamp: { steps: 1000, stepDuration: 2_147_483 } },
];

describe.each(makers)('%s', (_name, make) => {
  it.each(contradictions)('refuses %o and names %s', (options, option, says) => {
    const error = errorOf(make, options);
    expect(error).toMatchObject({ name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option });
    expect(error).toMatchObject({ message: expect.stringMatching(new RegExp(`^${option} .+\\.$`)) });
    expect(error).toMatchObject({ message: expect.stringContaining(says) });
  });

  it.each(agreements)('accepts %o', (options) => {
    expect(() => make(options)).not.toThrow();
  });
});

describe('input that contradicts the options of its machine', () => {
  it.each([
    [{ ...rate, windowSize: 20 }, { failureWindow: 1000 }, 'windowSize'],
    [{ ...rate, windowSize: 20 }, { minimumCalls: 21 }, 'windowSize'],
    [{ ...rate, failureWindow: 1000 }, { windowSize: 20 }, 'windowSize'],
    [{ ...rate, windowSize: 20, minimumCalls: 20 }, { windowSize: 19 }, 'windowSize'],
    [{ recoveryBackoff: { maxRecoveryTimeout: 90_000 } }, { recoveryTimeout: 90_001 }, 'recoveryBackoff'],
    [{ recoveryTimeout: 90_001 }, { recoveryBackoff: { maxRecoveryTimeout: 90_000 } }, 'recoveryBackoff'],
  ])('is refused when an actor of it is made: %o, then %o', (options, input, option) => {
    const machine = createBreakerMachine(options);
    expect(errorOf(() => startActor(machine, input), undefined)).toMatchObject({ name: 'BreakerOptionsError', option });
  });

  it.each([
    [{ ...rate, windowSize: 20 }, { minimumCalls: 3 }, { windowSize: 20, minimumCalls: 3 }],
    [{ ...rate, windowSize: 20, minimumCalls: 3 }, { windowSize: 5 }, { windowSize: 5, minimumCalls: 3 }],
    [{ ...rate, windowSize: 20 }, { failureRateThreshold: 0.1 }, { windowSize: 20, failureRateThreshold: 0.1 }],
    [{ recoveryTimeout: 1000 }, { recoveryBackoff: { maxRecoveryTimeout: 5000 } }, { recoveryTimeoutMs: 1000 }],
  ])('is not what makes sense only together with them: %o, then %o', (options, input, settings) => {
    expect(startActor(createBreakerMachine(options), input)).toMatchObject({ context: { settings } });
  });

  it('is no way to complete options that are no settings by themselves', () => {
    expect(errorOf(() => createBreakerMachine(rate), undefined)).toMatchObject({ option: 'failureRateThreshold' });
  });
});

describe('the defaults', () => {
  it('are ten calls at least, and waits that double up to an hour without jitter', () => {
    expect(resolveSettings({ ...rate, windowSize: 20 })).toMatchObject({ minimumCalls: 10, failureWindowMs: null });
    expect(resolveSettings({ recoveryBackoff: {} }).backoff).toEqual({
      ...{ factor: 2, maxRecoveryTimeoutMs: 3_600_000, jitter: 0 },
    });
    expect(resolveSettings({ recoveryTimeout: 7_200_000, recoveryBackoff: {} }).backoff).toMatchObject({
      maxRecoveryTimeoutMs: 7_200_000,
    });
    expect(resolveSettings({})).toMatchObject({
      ...{ failureRateThreshold: null, windowSize: null, slowCallThresholdMs: null, backoff: null, ramp: null },
    });
  });

  it('let failureThreshold play no part beside a rate', () => {
    const breaker = createBreaker({ failureThreshold: 1, ...rate, windowSize: 10 });
    breaker.acquire().fail(new Error('down'));
    expect(breaker.state).toBe('closed');
  });
});
