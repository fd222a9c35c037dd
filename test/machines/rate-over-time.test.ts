import {
  type BreakerEvent,
  type BreakerInput,
  callsInWindow,
  countFailures,
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
  return startBreaker({ failureRateThreshold, minimumCalls: 4, failureWindow: 1000, failureThreshold: 1, ...input });
}

describe('closed, judging a rate over time', () => {
  it.each([
    [0.5, 5, 5],
    [0.3, 7, 3],
    [1 / 3, 4, 2],
    [1, 0, 4],
  ])('S-12 opens at a rate of exactly %d: %d successes, then %d failures', (rate, successes, failures) => {
    const breaker = startWith(rate);
    breaker.send(...times(successes, ok), ...times(failures - 1, bad));
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 never opens with fewer than minimumCalls in the window, ten where none are given', () => {
    const breaker = startBreaker({ failureRateThreshold: 0.1, failureWindow: 1000 });
    for (let second = 0; second < 50; second++) {
      breaker.send(...times(9, bad));
      breaker.clock.advance(1001);
    }
    expect(breaker.leaf).toBe('closed');
    breaker.send(...times(10, bad));
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 reaches 100 % once the successes have left the window', () => {
    const breaker = startWith(1);
    breaker.send(...times(100, ok));
    breaker.clock.advance(1001);
    breaker.send(...times(3, bad));
    expect(breaker.leaf).toBe('closed');
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 is opened by no success and by no passing of time, though the rate is reached by it', () => {
    const breaker = startWith(0.75);
    breaker.send({ ...ok, count: 5 });
    breaker.clock.advance(500);
    breaker.send({ ...bad, count: 5 });
    breaker.clock.advance(501);
    breaker.send({ type: 'recovery.elapsed' }, { type: 'call.ignored' }, ok);
    expect([breaker.leaf, breaker.clock.pendingTimers]).toEqual(['closed', 0]);
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-12 counts neutral ends in neither number', () => {
    const breaker = startWith(0.5);
    breaker.send(bad, bad, bad, ...times<BreakerEvent>(99, { type: 'call.ignored' }), { type: 'call.cancelled' });
    expect(breaker.context.window).toMatchObject({ calls: 3, failures: 3 });
    breaker.send(bad);
    expect(breaker.leaf).toBe('open');
  });

  it('S-13 counts a call when it ends, by its date, however long it took', () => {
    const breaker = startWith(1, { failureWindow: 200 });
    for (let call = 0; call < 4; call++) {
      expect(breaker.leaf).toBe('closed');
      breaker.clock.advance(40);
      breaker.send({ ...bad, generation: 0, duration: 400 });
    }
    expect(breaker.leaf).toBe('open');
  });

  it('S-14 opens on no failures that an idle gap has aged, however many there were', () => {
    const breaker = startWith(0.1);
    for (let hour = 0; hour < 24; hour++) {
      breaker.send(...times(3, bad));
      breaker.clock.advance(3_600_000);
    }
    expect([breaker.leaf, breaker.emitted]).toEqual(['closed', []]);
    expect(callsInWindow(breaker.context, breaker.context.settings, breaker.clock.now()).calls).toBe(0);
  });

  it('S-14 S-27 lets no failure outlive its window after the clock went back', () => {
    const breaker = startWith(1);
    breaker.send(...times(3, bad));
    breaker.clock.jump(-3_600_000);
    breaker.send(ok);
    breaker.clock.advance(1001);
    breaker.send(...times(3, bad));
    expect([breaker.leaf, breaker.context.window.calls]).toEqual(['closed', 3]);
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
    expect(breaker.context.window).toMatchObject({ calls: 0, failures: 0, slices: [] });
  });
});

/** Calls that ended alike at the same time. */
interface Ended {
  readonly at: number;
  readonly failed: boolean;
  readonly count: number;
  /** The oldest that they have been: after a clock that went back, what had left the window has not come back. */
  readonly age: number;
}

type Tally = readonly [calls: number, failures: number];

/** What a step of a random history does: some calls end, or the breaker is stored and restored. */
type Act = 'succeeded' | 'failed' | 'restore';

describe('the rate over time, beside a naive list of all outcomes', () => {
  const minimumCalls = 4;
  const opensAt = ([calls, failures]: Tally, rate: number) => calls >= minimumCalls && failures / calls >= rate;

  /** Quarters of a millisecond, so that the naive sums are exact; now and then back. */
  const gap = fc.oneof(
    { weight: 6, arbitrary: fc.nat(120).map((quarters) => quarters / 4) },
    { weight: 3, arbitrary: fc.constantFrom(0, 9.75, 10, 10.25, 89.75, 90, 100, 100.25, 5000) },
    { weight: 1, arbitrary: fc.constantFrom(-0.25, -5, -30, -99, -3_600_000) },
  );
  const acts: readonly Act[] = ['succeeded', 'succeeded', 'failed', 'failed', 'failed', 'restore'];
  const step = fc.record({
    gap,
    act: fc.constantFrom(...acts),
    count: fc.constantFrom(1, 1, 1, 2, 9),
    isDated: fc.boolean(),
  });

  const histories = fc.record({
    steps: fc.array(step, { maxLength: 50, size: 'max' }),
    failureRateThreshold: fc.constantFrom(0.25, 1 / 3, 0.5, 0.8, 1),
    failureWindow: fc.constantFrom(7.5, 100, 400),
  });
  type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

  /** Plays a history; tells how often there was but one right answer, and whether the circuit has opened. */
  const play = ({ steps, failureRateThreshold, failureWindow }: History) => {
    let breaker = startBreaker({ failureRateThreshold, minimumCalls, failureWindow });
    let all: readonly Ended[] = [];
    let forced = 0;
    for (const { gap, act, count, isDated } of steps) {
      breaker.clock.jump(gap);
      if (act === 'restore') {
        breaker = restored(breaker);
        continue;
      }
      const at = breaker.clock.now();
      breaker.send({ type: `call.${act}`, count, at: isDated ? at : undefined });
      all = aged([...all, { at, failed: act === 'failed', count, age: 0 }], at);
      const possible = talliesOf(all, failureWindow);
      const answers = new Set(possible.map((tally) => act === 'failed' && opensAt(tally, failureRateThreshold)));
      if (answers.size === 1) {
        forced++;
        expect(breaker.leaf).toBe(answers.has(true) ? 'open' : 'closed');
      }
      if (breaker.leaf === 'open') break;
      const { calls, failures } = breaker.context.window;
      expect(possible).toContainEqual([calls, failures]);
    }
    return { forced, isOpen: breaker.leaf === 'open' };
  };

  it(
    'S-12 S-14 S-17 S-27 opens where it has to, and holds what it has to, for random histories and clocks',
    () => {
      fc.assert(
        fc.property(histories, (history) => {
          play(history);
        }),
        { numRuns: runs(1_000) },
      );
    },
    patience,
  );

  it('S-12 has histories that open, and answers of which there is but one', () => {
    const played = fc.sample(histories, { numRuns: 100, seed: 1 }).map(play);
    expect(played.reduce((sum, { forced }) => sum + forced, 0)).toBeGreaterThan(500);
    expect(played.filter(({ isOpen }) => isOpen).length).toBeGreaterThan(30);
  });
});

/** The same calls now. None has ended in the future: where the clock went back, it is taken to have ended now. */
function aged(all: readonly Ended[], now: number): readonly Ended[] {
  return all.map((ended) => {
    const at = Math.min(ended.at, now);
    return { ...ended, at, age: Math.max(ended.age, now - at) };
  });
}

/**
 * What the window may hold: the latest calls, of which everything younger than nine tenths of the window is a part, and
 * nothing older than the window.
 */
function talliesOf(all: readonly Ended[], failureWindow: number): readonly Tally[] {
  const atMost = all.filter(({ age }) => age <= failureWindow);
  const surplus = atMost.filter(({ age }) => age >= failureWindow * 0.9).length;
  return Array.from({ length: surplus + 1 }, (_, left) => tallyOf(atMost.slice(left)));
}

function tallyOf(list: readonly Ended[]): Tally {
  const sum = (ends: readonly Ended[]) => ends.reduce((total, { count }) => total + count, 0);
  return [sum(list), sum(list.filter(({ failed }) => failed))];
}

describe('the memory of a rate over time', () => {
  it('S-76 is ten slices, however many calls there are', () => {
    const settings = resolveSettings({ failureRateThreshold: 1, failureWindow: 100 });
    for (const gap of [0.001, 0.5, 9.999, 10, 10.001, 11, 99, 100, 101]) {
      let counts: OutcomeCounts = noOutcomes;
      for (let n = 0, at = 1_000_000; n < 500; n++, at += gap) {
        counts = countFailures(counts, settings, { at, count: 1000 });
        expect(counts.window.slices.length).toBeLessThanOrEqual(10);
      }
    }
  });
});
