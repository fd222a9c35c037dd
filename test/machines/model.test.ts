import { type BreakerEvent, overdueEvent } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { unseenIn } from '../support/sightings.ts';
import { NaiveBreaker, type NaiveRules } from './naive-breaker.ts';
import { history, rules, type Step } from './random-history.ts';
import { type Leaf, patience, type RunningBreaker, startBreaker } from './running-breaker.ts';

describe('the chart, beside a naive breaker that keeps every outcome', () => {
  it(
    'S-17 S-32 S-38 S-78 has the same states, counts, waits, trials and events after every step of a random history',
    () => {
      fc.assert(
        fc.property(rules, history, (settings, steps) => {
          const player = new Player(settings);
          for (const step of steps) player.play(step);
        }),
        { numRuns: runs(3_000) },
      );
    },
    patience,
  );
});

/** Every kind of change, and the ways of counting by which a circuit opens. */
const changes = [
  ...['closed open, failures in a row', 'closed open, failures in a window', 'closed open, rate of calls'],
  ...['open for longer', 'open halfOpen.free', 'halfOpen.free halfOpen.full', 'halfOpen.full halfOpen.free'],
  ...['halfOpen.free closed', 'halfOpen.free open', 'halfOpen.full closed', 'halfOpen.full open'],
  ...['halfOpen.free halfOpen.ramping', 'halfOpen.full halfOpen.ramping'],
  ...['halfOpen.ramping closed', 'halfOpen.ramping open'],
  ...['one of two failed trials', 'halfOpen.free closed by a lapsed trial', 'halfOpen.free open by a lapsed trial'],
  ...['isolated isolated', 'isolated closed', 'disabled closed'],
];

/** Plays a history, and tells of every step what it has changed. */
function changesIn(settings: NaiveRules, steps: readonly Step[]): readonly string[] {
  const player = new Player(settings);
  return steps.flatMap((step) => {
    const { leaf: before, context } = player.breaker;
    player.play(step);
    const { leaf, context: after } = player.breaker;
    const isExtended = before === 'open' && leaf === 'open' && after.recoverAt !== context.recoverAt;
    const change = isExtended ? 'open for longer' : `${before} ${leaf}`;
    const isOfLapsed = 'verdict' in step && context.trials.length === 0 && context.outage.lapsedTrials.length > 0;
    const special = isOfLapsed ? `${change} by a lapsed trial` : '';
    const isFailedTrial = context.outage.trialFailures === 0 && after.outage.trialFailures === 1;
    return [change, `${change}, ${countingOf(settings)}`, special, isFailedTrial ? 'one of two failed trials' : ''];
  });
}

describe('the random histories', () => {
  it(
    'visit every leaf and every kind of change often, in every way of counting',
    () => {
      const wanted = { sightings: changes, times: 6 };
      const unseen = unseenIn(fc.tuple(rules, history), wanted, ([settings, steps]) => changesIn(settings, steps));
      expect(unseen).toEqual([]);
    },
    patience,
  );
});

function countingOf({ failureWindow, windowSize }: NaiveRules): string {
  if (windowSize !== undefined) return 'rate of calls';
  return failureWindow === undefined ? 'failures in a row' : 'failures in a window';
}

/** Plays steps on a bare actor and on a naive breaker, and compares the two after each. */
class Player {
  readonly breaker: RunningBreaker;
  readonly #naive: NaiveBreaker;
  #latest: number;

  constructor(settings: NaiveRules) {
    this.breaker = startBreaker(settings);
    this.#latest = this.breaker.clock.now();
    this.#naive = new NaiveBreaker(settings, this.#latest);
  }

  play(step: Step): void {
    const generation = this.breaker.context.generation;
    this.#take(step);
    this.#look();
    expect(this.breaker.context.generation).toBeGreaterThanOrEqual(generation);
    this.#compare();
  }

  #take(step: Step): void {
    const { breaker } = this;
    const naive = this.#naive;
    if ('ms' in step) {
      breaker.clock[step.do](step.ms);
      if (step.do === 'advance') naive.pass(step.ms);
      else naive.now += step.ms;
      return;
    }
    const at = this.#date(step.lag);
    const date = step.lag === undefined ? {} : { at };
    if (step.do === 'end') {
      const { names } = naive;
      const trial = step.trial === undefined ? undefined : names.at(-1 - step.trial);
      const generation = step.age === undefined ? undefined : naive.generation - step.age;
      const count = trial === undefined && (step.verdict === 'succeeded' || step.verdict === 'failed') ? step.count : 1;
      const { verdict, duration } = step;
      // Only a call that fails says how long to wait.
      const { openFor, openNow } = verdict === 'failed' ? step : { openFor: undefined, openNow: undefined };
      const details = { generation, trial, duration, openFor, openNow, ...date, ...(count > 1 && { count }) };
      breaker.send({ type: `call.${verdict}`, ...details });
      naive.end({ verdict, at, generation, trial, count, duration, openFor, openNow });
    } else if (step.do === 'start') {
      const trial = step.isNamed ? `trial-${naive.names.length}` : undefined;
      breaker.send({ type: 'trial.started', trial, lot: step.lot, ...date });
      naive.start(trial, at, step.lot);
    } else if (step.do === 'command') {
      breaker.send({ type: `breaker.${step.command}`, ...date });
      naive.command(step.command, at);
    } else {
      breaker.send({ type: step.do, ...date });
      naive.hear(step.do, at);
    }
  }

  /** When a step happened: lately, but not before another that has been told of already. */
  #date(lag = 0): number {
    const since = Math.max(this.#latest, this.breaker.context.since);
    this.#latest = Math.max(since, this.breaker.clock.now() - lag);
    return this.#latest;
  }

  /** Whoever looks at a breaker sends it what time owes it. */
  #look(): void {
    const { breaker } = this;
    for (let sent = 0; sent < 3; sent++) breaker.send(...this.#owed());
    expect(this.#owed()).toEqual([]);
    this.#naive.look();
  }

  #owed(): readonly BreakerEvent[] {
    const owed = overdueEvent(this.breaker.context, this.breaker.clock.now());
    return owed ? [owed] : [];
  }

  #compare(): void {
    const naive = this.#naive;
    const { context, leaf, emitted, clock } = this.breaker;
    const slot = naive.freeSlots > 0 ? 'free' : 'full';
    const trying: Leaf = naive.rampStartedAt === null ? `halfOpen.${slot}` : 'halfOpen.ramping';
    const expected: Leaf = naive.state === 'halfOpen' ? trying : naive.state;
    const { trialTimeout, failureWindow = -1 } = naive.rules;
    expect({
      leaf,
      now: clock.now(),
      generation: context.generation,
      recoverAt: context.recoverAt,
      waitMs: context.waitMs,
      rampStartedAt: context.rampStartedAt,
      reopenings: context.reopenings,
      calls: context.window.calls,
      failures: context.window.failures,
      holds: context.holds,
      successes: context.trialSuccesses,
      trialFailures: context.outage.trialFailures,
      trials: context.trials,
      lapsed: context.outage.lapsedTrials,
      opening: context.outage.counts,
      failuresInARow: context.consecutiveFailures,
      failuresInWindow: context.failureTimes.filter((time) => clock.now() - time <= failureWindow),
      emitted: emitted.splice(0),
    }).toEqual({
      leaf: expected,
      now: naive.now,
      generation: naive.generation,
      recoverAt: naive.recoverAt,
      waitMs: naive.waitMs,
      rampStartedAt: naive.rampStartedAt,
      reopenings: naive.reopenings,
      calls: naive.lastCalls.length,
      failures: naive.lastCalls.filter(Boolean).length,
      holds: naive.holds,
      successes: naive.successes,
      trialFailures: naive.trialFailures,
      trials: naive.running.map(({ id, startedAt }) => ({ id, expiresAt: startedAt + trialTimeout })),
      lapsed: naive.outstanding.filter(({ isOver }) => isOver).map(({ id }) => id),
      opening: naive.opening,
      failuresInARow: naive.failuresInARow,
      failuresInWindow: naive.failuresInWindow(clock.now()),
      emitted: naive.emitted.splice(0),
    });
    if (leaf !== 'halfOpen.ramping') expect(context.trials.length).toBeLessThanOrEqual(context.settings.halfOpenTrials);
  }
}
