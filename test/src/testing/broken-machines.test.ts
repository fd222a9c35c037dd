import { createBreakerMachine } from 'agent-circuit-breaker';
import type { BreakerContext, BreakerEvent, BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import { noOutcomes } from 'agent-circuit-breaker/machines';
import { checkBreakerMachine } from 'agent-circuit-breaker/testing';
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import { trialOf } from '../../../machines/event-facts.ts';
import { findTrial } from '../../../machines/trials.ts';

interface Question {
  readonly context: BreakerContext;
  readonly event: BreakerEvent;
}

type Break = readonly [title: string, rule: string, implementations: object];

const nothing = () => {};
const errorOf = ({ event }: Question): unknown => ('error' in event ? event.error : undefined);
const messageOf = (question: Question) => {
  const error = errorOf(question);
  return error instanceof Error ? error.message : null;
};
const stackOf = (question: Question) => {
  const error = errorOf(question);
  return error instanceof Error ? error.stack : null;
};
const remember = (value: (question: Question) => unknown) =>
  assign((question: Question) => ({ memory: value(question) }));
const released = ({ context, event }: Question) => ({
  trials: context.trials.filter(({ id }) => !('trial' in event) || id !== event.trial),
});
const throwsWhen = (isDue: (context: BreakerContext) => boolean) => ({
  guards: { thresholdReached: ({ context }: Question) => (isDue(context) ? JSON.parse('') : false) },
});

const rules = {
  open: 'an open circuit rejects until its wait is over, and half-opens by its timer',
  clock: 'a clock that goes back costs at most one full wait, lease or ramp more',
  slots: 'at most halfOpenTrials trials run at the same time',
  failedTrial: 'one failed trial opens it again, for a whole wait',
  neutral: 'a failure that countsAsFailure does not count changes nothing, and gives the slot of its trial back',
  leaseTimer: 'a trial that never ends gives its slot back, by its timer',
  lease: 'the result of a trial whose lease has run out counts once',
  told: 'every change of state begins a new generation and is told, first as breaker.stateChanged',
  reset: 'a reset begins a new generation and forgets what was counted',
  json: 'what it persists is plain JSON',
  secret: 'what it persists holds no text of an error',
  life: 'no number of outcomes stops its actor',
  event: 'no event stops its actor',
  ramp: 'a ramp follows the good trials, and closes the circuit when its time is over',
  share: 'a ramp lets some of the calls through, and not all of them',
};

const broken: readonly Break[] = [
  ['remembers the message of an error', rules.secret, { actions: { recordFailure: remember(messageOf) } }],
  ['remembers the stack of an error', rules.secret, { actions: { recordFailure: remember(stackOf) } }],
  [
    'remembers the message of an error deep inside',
    rules.secret,
    { actions: { recordFailure: remember((question) => [{ [`last: ${messageOf(question)}`]: 1 }]) } },
  ],
  [
    'remembers the cause of an error',
    rules.secret,
    {
      actions: {
        recordFailure: remember((question) => {
          const error = errorOf(question);
          return error instanceof Error ? String(error.cause) : null;
        }),
      },
    },
  ],
  [
    'remembers the error of a trial that does not count',
    rules.secret,
    {
      guards: { countsAsFailure: (question: Question) => messageOf(question)?.startsWith('counts') },
      actions: {
        releaseTrial: assign((question: Question) => ({ ...released(question), memory: messageOf(question) })),
      },
    },
  ],
  ['remembers a late error', rules.secret, { actions: { extendWait: remember(messageOf) } }],
  ['remembers an error itself', rules.json, { actions: { recordFailure: remember(errorOf) } }],
  ['remembers a map', rules.json, { actions: { recordSuccess: remember(() => new Map()) } }],
  ['remembers a date', rules.json, { actions: { recordSuccess: remember(() => new Date(0)) } }],
  ['remembers a function', rules.json, { actions: { recordSuccess: remember(() => ({ nothing })) } }],
  ['remembers a number that JSON has not', rules.json, { actions: { recordSuccess: remember(() => [Number.NaN]) } }],
  ['remembers a gap', rules.json, { actions: { recordSuccess: remember(() => [undefined]) } }],
  ['remembers a big integer', rules.json, { actions: { recordSuccess: remember(() => 1n) } }],
  ['re-opens without a wait', rules.failedTrial, { actions: { reopenCircuit: nothing } }],
  ['re-opens without a new generation', rules.told, { actions: { reopenCircuit: nothing } }],
  ['S-55 tells nobody of any change', rules.told, { actions: { announce: nothing } }],
  ['S-55 does not know which state it has left', rules.told, { actions: { leave: nothing } }],
  ['opens without a wait', rules.open, { actions: { openCircuit: nothing } }],
  ['half-opens, and forgets nothing', rules.told, { actions: { halfOpenCircuit: nothing } }],
  [
    'half-opens without a new generation',
    rules.told,
    { actions: { halfOpenCircuit: assign({ recoverAt: null, waitMs: null }) } },
  ],
  ['closes without a new generation', rules.told, { actions: { closeCircuit: nothing } }],
  [
    'takes the result of a trial twice',
    rules.lease,
    {
      guards: {
        isLate: ({ context, event }: Question) =>
          'generation' in event && event.generation !== undefined && event.generation !== context.generation,
      },
    },
  ],
  [
    'forgets a trial whose lease has run out',
    rules.lease,
    { guards: { isLate: ({ context, event }: Question) => !findTrial(context.trials, trialOf(event)) } },
  ],
  ['keeps its counts over a reset', rules.reset, { actions: { closeCircuit: nothing } }],
  [
    'keeps its memory over a reset',
    rules.reset,
    {
      actions: {
        recordFailure: remember(({ context: { memory } }) => [...(Array.isArray(memory) ? memory : []), 'failed']),
        closeCircuit: assign(({ context }: Question) => ({ generation: context.generation + 1 })),
      },
    },
  ],
  ['dies of a second failure', rules.life, throwsWhen(({ consecutiveFailures }) => consecutiveFailures >= 2)],
  [
    'dies of what it remembers',
    rules.life,
    { ...throwsWhen(({ memory }) => memory !== null), actions: { recordFailure: remember(() => ['failed']) } },
  ],
  [
    'dies of its twentieth success',
    rules.life,
    {
      actions: {
        recordSuccess: remember(({ context: { memory } }) => {
          const calls = Number(memory) + 1;
          return calls > 20 ? JSON.parse('') : calls;
        }),
      },
    },
  ],
  [
    'dies of a failure that says nothing',
    rules.event,
    { guards: { opensAtOnce: (question: Question): unknown => JSON.parse(String(errorOf(question))) } },
  ],
  ['counts every failure, whatever the judge says', rules.neutral, { guards: { isNeutral: () => false } }],
  ['keeps the slot of a neutral trial', rules.slots, { actions: { releaseTrial: nothing } }],
  ['needs somebody who looks for a lease to run out', rules.leaseTimer, { delays: { trialTimeout: 1e9 } }],
  ['does not shorten its wait when the clock goes back', rules.clock, { actions: { shortenWait: nothing } }],
  [
    'does not shorten its leases when the clock goes back',
    rules.clock,
    {
      actions: {
        releaseExpiredTrials: assign(({ context, event }: Question) => ({
          trials: context.trials.filter(({ expiresAt }) => expiresAt > Number(event.at ?? 0)),
        })),
      },
    },
  ],
];

const brokenRamps: readonly Break[] = [
  ['never begins', rules.ramp, { guards: { rampDue: () => false } }],
  ['never ends by time', rules.ramp, { delays: { recoveryRamp: 1e9 } }],
  ['is over at once', rules.ramp, { guards: { rampOver: () => true } }],
  ['needs a timer', rules.ramp, { guards: { rampOver: () => false } }],
  ['begins anew with each good trial', rules.ramp, { guards: { isGoodTrial: () => false } }],
  ['lets every call through', rules.share, { guards: { isInShare: () => true } }],
  ['lets no call through', rules.share, { guards: { isInShare: () => false } }],
  ['is not shortened when the clock goes back', rules.clock, { actions: { shortenRamp: nothing } }],
];

const judging: readonly (readonly [title: string, implementations: object])[] = [
  ['closes after its first good trial', { guards: { successThresholdReached: () => true } }],
  ['opens at once for every failure', { guards: { opensAtOnce: () => true } }],
  ['opens for none', { guards: { opensAtOnce: () => false, thresholdReached: () => false } }],
  ['takes every call for slow', { guards: { isOneSlowCallTooMany: () => true } }],
  ['never waits longer than it began to', { guards: { asksForLongerWait: () => false } }],
  [
    'remembers that it was reset',
    {
      actions: {
        resetCounts: assign(({ context }: Question) => ({
          ...{ ...noOutcomes, generation: context.generation + 1, memory: ['reset'] },
        })),
      },
    },
  ],
  [
    'remembers what kind of call failed',
    {
      actions: {
        recordFailure: remember((question) => ({ kind: errorOf(question) instanceof TypeError ? 'bug' : 'outage' })),
      },
    },
  ],
];

const provide = (options: BreakerMachineOptions, implementations: object) =>
  Reflect.apply(createBreakerMachine().provide, createBreakerMachine(options), [implementations]);

describe('a machine that is checked is refused, and the rule is named, if it', () => {
  it.each(broken)('%s', (_title, rule, implementations) => {
    expect(() => checkBreakerMachine(provide({}, implementations))).toThrow(`\n- ${rule}`);
  });

  // Under this rate a failure opens the circuit only after many calls, so that those that die of calls die of others.
  it.each(broken.filter(([, rule]) => rule !== rules.life))(
    '%s, with a rate and a ramp, too',
    (_title, rule, implementations) => {
      const options = { failureRateThreshold: 1, windowSize: 50, recoveryRamp: { steps: 2, stepDuration: 50 } };
      expect(() => checkBreakerMachine(provide(options, implementations))).toThrow(`\n- ${rule}`);
    },
  );

  it('sets timers without end', () => {
    const machine = provide({}, { delays: { trialTimeout: 0 } });
    expect(() => checkBreakerMachine(machine)).toThrow('timers without end');
  });

  it('holds text of the failure that it is checked with', () => {
    class Counted extends Error {}
    const options: BreakerMachineOptions = { failurePredicate: (error) => error instanceof Counted };
    const machine = provide(options, { actions: { recordFailure: remember(messageOf) } });
    const check = () => checkBreakerMachine(machine, { failure: new Counted('the key of a user') });
    expect(check).toThrow(`\n- ${rules.secret}`);
    expect(check).not.toThrow('the key of a user');
  });
});

describe('a machine that is checked is refused if its ramp', () => {
  it.each(brokenRamps)('%s', (_title, rule, implementations) => {
    const machine = provide({ recoveryRamp: { steps: 3, stepDuration: 100 } }, implementations);
    expect(() => checkBreakerMachine(machine)).toThrow(`\n- ${rule}`);
  });

  it.each(brokenRamps)('%s, but not where it has none', (_title, _rule, implementations) => {
    expect(() => checkBreakerMachine(provide({}, implementations))).not.toThrow(/ramp (follows|lets)/);
  });
});

describe('a machine that is checked passes, as its judgement is its own, if it', () => {
  it.each(judging)('%s', (_title, implementations) => {
    checkBreakerMachine(provide({}, implementations));
    checkBreakerMachine(provide({ recoveryRamp: { steps: 3, stepDuration: 100 } }, implementations));
  });
});
