import { countFailures, noOutcomes, type OutcomeCounts, resolveSettings } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { startBreaker } from './running-breaker.ts';

const failed = { type: 'call.failed' } as const;

describe('a clock that goes back and forth', () => {
  it.each([11, 5, 100, 101])('S-27 S-76 leaves at most ten slices, %d ms at a time', (step) => {
    const settings = resolveSettings({ failureRateThreshold: 1, minimumCalls: 1_000_000, failureWindow: 100 });
    let counts: OutcomeCounts = noOutcomes;
    for (let n = 0; n < 100; n++)
      for (const at of [1_000 + n + step, 1_000 + n]) counts = countFailures(counts, settings, { at, count: 1 });
    expect(counts.window.slices.length).toBeLessThanOrEqual(10);
    expect(counts.window.slices.reduce((sum, { calls }) => sum + calls, 0)).toBe(counts.window.calls);
  });
});

describe('a failure from the future', () => {
  it('S-27 makes the wait of an open circuit no shorter', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1_000 });
    breaker.send(failed, { type: 'call.failed', at: breaker.clock.now() + 500, openFor: 600 });
    breaker.clock.advance(999);
    expect(breaker.leaf).toBe('open');
  });
});

describe('counts that were counted elsewhere', () => {
  const { window } = noOutcomes;
  it.each<[string, unknown]>([
    ['marks that are no text', { ...noOutcomes, window: { ...window, calls: 10, older: [1] } }],
    ['calls without marks', { ...noOutcomes, window: { ...window, calls: 1e6 } }],
    ['more calls than can be counted', { ...noOutcomes, window: { ...window, calls: 2 ** 60 } }],
    [
      'slices of another mode',
      { ...noOutcomes, window: { ...window, calls: 1, slices: [{ ...window, calls: 1, at: 0 }] } },
    ],
    ['a negative number', { ...noOutcomes, consecutiveFailures: -1 }],
    ['instants that are none', { ...noOutcomes, failureTimes: ['now'] }],
  ])('S-50 are left alone if they are not sound: %s', (_title, counts) => {
    const breaker = startBreaker({ failureRateThreshold: 1, minimumCalls: 2, windowSize: 10 });
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'calls.counted', counts }]);
    expect(breaker.context).toMatchObject(noOutcomes);
    breaker.send(failed, failed);
    expect(breaker.leaf).toBe('open');
  });
});
