import { countFailures, countSuccesses, type OutcomeCounts, overdueEvent } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHold } from '../../machines/context-updates.ts';
import { runs } from '../support/runs.ts';
import type { NaiveRules } from './naive-breaker.ts';
import { rules } from './random-history.ts';
import { leaves, patience, type RunningBreaker, startBreaker, startIn, times } from './running-breaker.ts';
import { ownEventTypes } from './transition-table.ts';

interface Blow {
  readonly type: string;
  /** Date relative to the present; undefined leaves it out. */
  readonly offset: number | undefined;
  readonly generationOffset: number | undefined;
  readonly trial: string | number | undefined;
  readonly count: number | undefined;
  readonly duration: number | undefined;
  readonly openFor: number | undefined;
  readonly openNow: boolean | undefined;
  readonly lot: number | undefined;
  /** How many failures, and then successes, were counted elsewhere; undefined brings no counts. */
  readonly counted: readonly [failures: number, successes: number] | undefined;
  /** How the clock moves before the event. */
  readonly shift: number;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

function blows(offset: fc.Arbitrary<number>, shift: fc.Arbitrary<number>): fc.Arbitrary<Blow[]> {
  const blow: fc.Arbitrary<Blow> = fc.record({
    type: fc.constantFrom(...ownEventTypes, 'trial.started', 'trial.started', 'call.failed', 'call.succeeded'),
    offset: optional(offset),
    generationOffset: optional(fc.integer({ min: -1, max: 1 })),
    // Few names, so that they collide: with one another and with the numbers that the chart gives itself.
    trial: optional(fc.constantFrom(1, 2, 3, 'a', 'b', '')),
    count: optional(fc.integer({ min: 0, max: 5 })),
    duration: optional(fc.constantFrom(-1, 5, 11, Number.NaN)),
    openFor: optional(fc.constantFrom(-1, 0, 1, 30, 200, Number.NaN, Number.POSITIVE_INFINITY)),
    openNow: optional(fc.boolean()),
    lot: optional(fc.constantFrom(-1, 0, 0.3, 0.6, 0.99, 1, Number.NaN)),
    counted: optional(fc.tuple(fc.nat(9), fc.nat(3))),
    shift,
  });
  return fc.array(blow, { maxLength: 40, size: 'max' });
}

/** Every way of counting, also the one that the naive breaker does not know. */
const hostileRules: fc.Arbitrary<NaiveRules> = fc.oneof(
  { weight: 3, arbitrary: rules },
  {
    weight: 1,
    arbitrary: fc.tuple(rules, fc.constantFrom(0.3, 0.5, 1)).map(([others, failureRateThreshold]) => ({
      ...others,
      failureRateThreshold,
      minimumCalls: 2,
      windowSize: undefined,
      failureWindow: 40,
    })),
  },
);

describe('whatever is sent, in whatever order', () => {
  it(
    'S-26 S-32 S-33 never stops the chart, leaks a slot or wedges the circuit, though no timer ever fires',
    () => {
      const wild = blows(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -150, max: 150 }));
      fc.assert(
        fc.property(hostileRules, wild, (settings, events) => {
          const breaker = startBreaker(settings);
          for (const blow of events) {
            breaker.clock.jump(blow.shift);
            strike(breaker, blow);
          }
          expectRecovery(breaker, (ms) => {
            breaker.clock.jump(ms);
            look(breaker);
          });
        }),
        { numRuns: runs(1_000) },
      );
    },
    patience,
  );

  it(
    'S-26 S-32 S-33 never stops the chart, leaks a slot or wedges the circuit, though nobody ever looks',
    () => {
      const dated = blows(fc.integer({ min: -300, max: 0 }), fc.nat(150));
      fc.assert(
        fc.property(hostileRules, dated, (settings, events) => {
          const breaker = startBreaker(settings);
          for (const blow of events) {
            breaker.clock.advance(blow.shift);
            strike(breaker, blow);
          }
          expectRecovery(breaker, (ms) => breaker.clock.advance(ms));
        }),
        { numRuns: runs(500) },
      );
    },
    patience,
  );
});

function strike(breaker: RunningBreaker, { offset, generationOffset, shift, counted, ...details }: Blow): void {
  const { context, clock, actor } = breaker;
  const event = {
    ...details,
    counts: counted && countedElsewhere(breaker, ...counted),
    at: offset === undefined ? undefined : clock.now() + offset,
    generation: generationOffset === undefined ? undefined : context.generation + generationOffset,
  };
  Reflect.apply(actor.send, actor, [event]);
  expectSoundness(breaker, context.generation);
}

/** What somebody who counts by the chart's own functions would hand over, be it after the threshold. */
function countedElsewhere({ context, clock }: RunningBreaker, failures: number, successes: number): OutcomeCounts {
  const { settings } = context;
  const at = clock.now();
  const failed = failures === 0 ? context : countFailures(context, settings, { at, count: failures });
  const counts = successes === 0 ? failed : countSuccesses(failed, settings, { at, count: successes });
  return { consecutiveFailures: counts.consecutiveFailures, failureTimes: counts.failureTimes, window: counts.window };
}

function expectSoundness(breaker: RunningBreaker, generation: number): void {
  const { context, leaf, actor } = breaker;
  const { trials, settings } = context;
  const verdicts = [...actor.getSnapshot().tags].filter((tag) => tag === 'admitting' || tag === 'rejecting');
  const isSound = {
    'in a leaf': leaves.includes(leaf),
    'generation grows': context.generation >= generation,
    'slots are within their number': trials.length <= settings.halfOpenTrials || leaf === 'halfOpen.ramping',
    'slots are told apart': new Set(trials.map(({ id }) => id)).size === trials.length,
    'full where every slot is taken':
      leaf === 'halfOpen.ramping' || (leaf === 'halfOpen.full') === (trials.length === settings.halfOpenTrials),
    'waits only while open': (context.recoverAt !== null) === (leaf === 'open'),
    'waits for as long as a timer can':
      (context.waitMs !== null) === (leaf === 'open') && !(Number(context.waitMs) < 0),
    'is on a ramp only there': (context.rampStartedAt !== null) === (leaf === 'halfOpen.ramping'),
    'counts what can be':
      context.window.failures <= context.window.calls && context.window.slow <= context.window.failures,
    'counts only while closed':
      leaf === 'closed' ||
      (context.window.calls === 0 && context.consecutiveFailures + context.failureTimes.length === 0),
    'held only while isolated': context.holds > 0 === (leaf === 'isolated'),
    'admits or rejects': verdicts.length === 1,
  };
  expect(Object.entries(isSound).filter(([, holds]) => !holds)).toEqual([]);
}

/** Sends what time owes the breaker; it must not owe the same again and again. */
function look(breaker: RunningBreaker): void {
  const owed = () => overdueEvent(breaker.context, breaker.clock.now());
  for (let event = owed(), sent = 0; event; event = owed(), sent++) {
    expect(sent).toBeLessThan(3);
    breaker.send(event);
  }
}

/** However things stand: with time and good calls, and nobody holding it, the circuit closes. */
function expectRecovery(breaker: RunningBreaker, wait: (ms: number) => void): void {
  const { recoveryTimeoutMs, trialTimeoutMs, successThreshold, ramp } = breaker.context.settings;
  const rampMs = ramp === null ? 0 : ramp.steps * ramp.stepDurationMs;
  if (breaker.leaf === 'disabled') breaker.send({ type: 'breaker.enable' });
  while (breaker.leaf === 'isolated') breaker.send({ type: 'breaker.release' });
  // A wait or a ramp that was dated into the future, a full wait, a lease; then the successes and a ramp.
  for (let round = 0; round < 6 + successThreshold && breaker.leaf !== 'closed'; round++) {
    if (breaker.leaf === 'halfOpen.ramping') wait(rampMs);
    else if (breaker.isAdmitting) {
      const trial = `good ${round}`;
      breaker.send({ type: 'trial.started', trial }, { type: 'call.succeeded', trial });
    } else wait(Math.max(recoveryTimeoutMs, trialTimeoutMs, Number(breaker.context.waitMs)));
  }
  expect(breaker.leaf).toBe('closed');
}

describe('an event that brings what only the first one of an actor brings', () => {
  it('S-79 is taken without it: the breaker runs on, with the options that it has', () => {
    const breaker = startBreaker({ failureThreshold: 2 });
    breaker.send(JSON.parse('{ "type": "call.failed", "input": { "windowSize": 3 } }'));
    breaker.send({ type: 'call.failed' });
    expect(breaker.leaf).toBe('open');
  });
});

describe('numbers of calls that nobody could have made', () => {
  it('S-79 add up to 2^48 and no further, as good trials of a ramp', () => {
    const breaker = startIn('halfOpen.ramping');
    breaker.send(...times(2, { type: 'call.succeeded', count: 2 ** 48 } as const));
    expect(breaker.context.trialSuccesses).toBe(2 ** 48);
  });

  it('S-79 add up to 2^48 and no further, as holds', () => {
    const breaker = startIn('isolated');
    const { context } = breaker;
    expect(
      addHold({ context: { ...context, holds: 2 ** 48 }, event: { type: 'breaker.isolate' }, self: breaker }),
    ).toEqual({
      holds: 2 ** 48,
    });
  });
});
