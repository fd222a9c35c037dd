import type { CircuitBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type FacadeOptions, facades } from '../calling/facades.ts';

const recoveryTimeout = 1000;

const readings: readonly [string, (breaker: CircuitBreaker) => unknown][] = [
  ['state', (breaker) => breaker.state],
  ['metrics()', (breaker) => breaker.metrics()],
  ['the snapshot of the actor', (breaker) => breaker.actor.getSnapshot().hasTag('admitting')],
  ['name', (breaker) => breaker.name],
];

function readHundredTimes(breaker: CircuitBreaker, read: (breaker: CircuitBreaker) => unknown): void {
  for (let count = 0; count < 100; count++) read(breaker);
}

describe.each(facades)('$name', ({ create }) => {
  const setUp = (options: Partial<FacadeOptions> = {}) => {
    const clock = createTestClock();
    const breaker = create({ clock, recoveryTimeout, ...options });
    breaker.trip();
    return { breaker, clock };
  };

  describe.each(readings)('%s', (_name, read) => {
    it.each([1, 3])('S-22 takes none of %d trial slots when it is read a hundred times', async (halfOpenTrials) => {
      const { breaker, clock } = setUp({ halfOpenTrials });
      clock.jump(recoveryTimeout);
      readHundredTimes(breaker, read);
      expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, calls: 0, rejected: 0 });
      for (let trials = 1; trials <= halfOpenTrials; trials++) {
        expect(breaker.tryAcquire()).toBeDefined();
        readHundredTimes(breaker, read);
        expect(breaker.metrics().trials).toBe(trials);
      }
      expect(await reasonOf(breaker.call(() => 'answer'))).toMatchObject({ reason: 'halfOpen' });
    });

    it('S-22 changes nothing while the circuit is open', () => {
      const { breaker, clock } = setUp();
      clock.jump(400);
      const before = breaker.metrics();
      readHundredTimes(breaker, read);
      expect(breaker.metrics()).toEqual(before);
      clock.jump(600);
      expect(breaker.tryAcquire()).toBeDefined();
    });

    it('S-22 tells of a recovery no more than once', () => {
      const onHalfOpen = vi.fn();
      const { breaker, clock } = setUp({ onHalfOpen });
      clock.advance(recoveryTimeout);
      readHundredTimes(breaker, read);
      expect(breaker.state).toBe('halfOpen');
      expect(onHalfOpen).toHaveBeenCalledTimes(1);
    });

    it('S-22 leaves the counts of a closed circuit alone', async () => {
      const breaker = create({ clock: createTestClock(), failureThreshold: 2 });
      breaker.acquire().fail(new Error('down'));
      const before = breaker.metrics();
      readHundredTimes(breaker, read);
      expect(breaker.metrics()).toEqual(before);
      breaker.acquire().fail(new Error('down'));
      expect(breaker.state).toBe('open');
    });
  });

  it('S-22 gives out a copy: writing on what metrics() returned changes nothing', () => {
    const { breaker } = setUp();
    const before = breaker.metrics();
    Object.assign(breaker.metrics(), { state: 'closed', failures: 99, trials: 7 });
    expect(breaker.metrics()).toEqual(before);
    const copy = { ...before };
    expect(breaker.tryAcquire()).toBeUndefined();
    expect(before).toEqual(copy);
    expect(breaker.metrics().rejected).toBe(before.rejected + 1);
  });
});
