import {
  type BreakerEvent,
  type BreakerInput,
  callFailed,
  callsInWindow,
  countFailures,
  createBreakerMachine,
  noOutcomes,
  type OutcomeCounts,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { patience, type RunningBreaker, restored, startBreaker, times } from './running-breaker.ts';

const ok: BreakerEvent = { type: 'call.succeeded' };
const bad: BreakerEvent = { type: 'call.failed' };

function startWith(failureRateThreshold: number, input: BreakerInput = {}): RunningBreaker {
  return startBreaker({ failureRateThreshold, minimumCalls: 4, windowSize: 10, failureThreshold: 1, ...input });
}

describe('closed, judging the rate of the last calls', () => {
  it.each([
    [0.5, 5, 5],
    [0.3, 7, 3],
    [0.1, 9, 1],
    [0.7, 3, 7],
    [1 / 3, 4, 2],
    [1, 0, 4],
  ])('S-12 opens at a rate of exactly %d: %d successes, then %d failures', (rate, successes, failures) => {
    const breaker = startWith(rate);
    breaker.send(...times(successes, ok), ...times(failures - 1, bad));
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 stays closed just below the rate, and 100 % is not reached by less', () => {
    const half = startWith(0.5, { windowSize: 1000, minimumCalls: 999 });
    half.send({ ...ok, count: 501 }, { ...bad, count: 499 });
    expect(half.leaf).toBe('closed');
    const all = startWith(1);
    all.send(ok, ...times(9, bad));
    expect(all.leaf).toBe('closed');
    all.send(bad);
    expect(all.leaf).toBe('open');
  });

  it('S-12 never opens with fewer than minimumCalls, ten where none are given', () => {
    const breaker = startBreaker({ failureRateThreshold: 0.1, windowSize: 50 });
    breaker.send(...times(9, bad));
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 plays by the rate alone: failures in a row do not open', () => {
    const breaker = startWith(0.6, { windowSize: 100 });
    breaker.send({ ...ok, count: 100 }, ...times(59, bad));
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 59]);
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 is opened by no success, though that makes the calls enough or pushes a success out', () => {
    const enough = startWith(0.5);
    enough.send(bad, bad, bad, ok);
    expect([enough.leaf, enough.context.window.calls]).toEqual(['closed', 4]);
    enough.send(bad);
    expect(enough.leaf).toBe('open');
  });

  it('S-12 counts ignored, cancelled and excluded ends in neither number', () => {
    const machine = createBreakerMachine({ excludedErrors: [RangeError] });
    const input = { failureRateThreshold: 0.5, minimumCalls: 4, windowSize: 10 };
    const breaker = startBreaker(input, { machine });
    const neutral: BreakerEvent[] = [{ type: 'call.ignored' }, { type: 'call.cancelled' }];
    breaker.send(ok, bad, bad, ...neutral, callFailed(new RangeError('excluded')), ...times(50, neutral).flat());
    expect(breaker.context.window).toMatchObject({ calls: 3, failures: 2 });
    expect(breaker.leaf).toBe('closed');
    breaker.send(callFailed(new TypeError('counts')));
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 S-14 is not concerned with time, only with the last calls', () => {
    const breaker = startWith(0.5);
    breaker.send(bad, bad, ok);
    breaker.clock.advance(1e12);
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-16 has forgotten every call once it has recovered, and after a reset', () => {
    const breaker = startWith(0.5, { recoveryTimeout: 100 });
    breaker.send(...times(4, bad));
    breaker.clock.advance(100);
    breaker.send({ type: 'trial.started' }, ok, ...times(3, bad));
    expect([breaker.leaf, breaker.context.window.calls]).toEqual(['closed', 3]);
    breaker.send({ type: 'breaker.reset' }, ...times(3, bad));
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
    expect(breaker.context.window).toMatchObject({ calls: 0, failures: 0, older: [], newest: '' });
  });

  it('S-35 counts no call of an earlier generation', () => {
    const breaker = startWith(0.5);
    breaker.send({ type: 'breaker.reset' }, ...times<BreakerEvent>(20, { ...bad, generation: 0 }));
    expect([breaker.leaf, breaker.context.window.calls]).toEqual(['closed', 0]);
  });

  it('S-15 judges several failures that are reported together when all of them are counted', () => {
    const breaker = startWith(0.75);
    breaker.send(ok, { ...bad, count: 2 });
    expect(breaker.leaf).toBe('closed');
    const other = startWith(0.75);
    other.send(ok, { ...bad, count: 3 });
    expect(other.leaf).toBe('open');
    const many = startWith(1);
    many.send({ ...ok, count: 9 }, { ...bad, count: Number.MAX_SAFE_INTEGER });
    expect(many.leaf).toBe('open');
  });

  it(
    'S-17 agrees with a naive list of all outcomes, stored and restored in the middle, for random histories',
    () => {
      const end = fc.constantFrom<('+' | '-' | 'restore')[]>('+', '+', '-', '-', '-', 'restore');
      const settings = fc.record({
        failureRateThreshold: fc.constantFrom(0.2, 1 / 3, 0.5, 0.75, 1),
        minimumCalls: fc.integer({ min: 1, max: 6 }),
        windowSize: fc.integer({ min: 6, max: 40 }),
      });
      const ends = fc.array(fc.tuple(end, fc.constantFrom(1, 1, 1, 2, 5, 60)), { maxLength: 50, size: 'max' });
      fc.assert(
        fc.property(settings, ends, (input, history) => {
          let breaker = startBreaker(input);
          const all: string[] = [];
          for (const [what, count] of history) {
            if (what === 'restore') {
              breaker = restored(breaker);
              continue;
            }
            breaker.send({ ...(what === '+' ? ok : bad), count });
            all.push(...times(count, what));
            const last = all.slice(-input.windowSize);
            const failures = last.filter((mark) => mark === '-').length;
            const isEnough = last.length >= input.minimumCalls;
            const opens = what === '-' && isEnough && failures / last.length >= input.failureRateThreshold;
            expect(breaker.leaf).toBe(opens ? 'open' : 'closed');
            if (opens) break;
            expect(breaker.context.window).toMatchObject({ calls: last.length, failures });
          }
        }),
        { numRuns: runs(1_000) },
      );
    },
    patience,
  );
});

describe('the memory of the last calls', () => {
  it.each([1, 10, 16, 17, 100, 1_000, 10_000])('S-76 is bounded for a window of %d', (windowSize) => {
    const settings = resolveSettings({ failureRateThreshold: 1, minimumCalls: 1, windowSize });
    const piece = Math.max(16, Math.ceil(Math.sqrt(windowSize)));
    let counts: OutcomeCounts = noOutcomes;
    let most = 0;
    for (let n = 0; n < 300; n++) {
      counts = countFailures(counts, settings, { at: 0, count: 1 + ((n * 37) % (windowSize + 3)) });
      most = Math.max(most, counts.window.newest.length + counts.window.older.join('').length);
    }
    expect(callsInWindow(counts, settings, 0)).toEqual({ calls: windowSize, failures: windowSize, slow: 0 });
    expect(most).toBeLessThanOrEqual(windowSize + 2 * piece);
    expect(counts.window.slices).toEqual([]);
  });
});
