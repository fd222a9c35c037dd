import type { BreakerEvent } from '../../machines/breaker-events.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import type { MachineBench } from './machine-bench.ts';
import { expectState, expectUnchanged, type MachineRule, passTrials, started } from './machine-rule.ts';
import { onRamp } from './ramp-rules.ts';

/** What holds of trials, and of results that come too late. */
export const trialRules: readonly MachineRule[] = [
  {
    name: 'at most halfOpenTrials trials run at the same time, and each way out gives a slot back',
    check: ({ start }) => {
      const ways: readonly BreakerEvent['type'][] = [
        'call.succeeded',
        'call.ignored',
        'call.cancelled',
        'trial.expired',
      ];
      for (const type of ways) {
        const bench = start();
        bench.halfOpen();
        for (let slot = 0; slot < 5; slot++) if (bench.has('admitting')) bench.send(started(`trial ${slot}`));
        const { trials, settings } = bench.context;
        if (trials.length !== 2) throw new Error(`${trials.length} trials run where halfOpenTrials is 2`);
        if (type === 'trial.expired') bench.jumpTo(bench.clock.now() + settings.trialTimeoutMs);
        bench.send(type === 'trial.expired' ? { type } : { type, trial: 'trial 0' });
        if (!bench.has('admitting')) throw new Error(`no slot is free after ${type}`);
      }
    },
  },
  {
    name: 'a trial that never ends gives its slot back, by its timer',
    check: ({ start }) => {
      const bench = start();
      bench.halfOpen();
      bench.send(started('a'), started('b'));
      bench.advanceTo(lastExpiry(bench));
      if (!bench.has('admitting')) throw new Error('no slot is free when the leases of its trials have run out');
    },
  },
  {
    name: 'good trials close it, by themselves or after a ramp',
    check: ({ start }) => {
      const bench = start();
      passTrials(bench);
      if (bench.context.settings.ramp !== null) bench.advanceTo(onRamp(bench)?.endAt ?? 0);
      expectState(bench, 'closed', 'after successThreshold good trials');
    },
  },
  {
    name: 'call.ignored and call.cancelled neither close nor re-open it',
    check: ({ start }) => {
      for (const type of ['call.ignored', 'call.cancelled'] as const) {
        expectUnchanged(start(), [{ type }, { type, trial: 'a' }], 'while it is closed');
        expectNeutral(start(), { type, trial: 'a' });
      }
    },
  },
  {
    name: 'a failure that countsAsFailure does not count changes nothing, and gives the slot of its trial back',
    check: ({ startUncounting, failure }) => {
      const uncounted = callFailed(failure);
      expectUnchanged(startUncounting(), [uncounted, uncounted], 'though countsAsFailure says that it does not count');
      expectNeutral(startUncounting(), callFailed(failure, { trial: 'a' }));
    },
  },
  {
    name: 'the result of a trial whose lease has run out counts once, and frees no slot of another',
    check: ({ start, failure }) => {
      for (const move of ['jumpTo', 'advanceTo'] as const) {
        const bench = start();
        bench.halfOpen();
        bench.send(started('a'), started('b'));
        bench[move](lastExpiry(bench));
        bench.send({ type: 'trial.expired' }, started('c'), { type: 'call.cancelled', trial: 'a' });
        if (bench.context.trials.length !== 1) throw new Error('a late result has freed the slot of another trial');
        expectUnchanged(bench, [callFailed(failure, { trial: 'a' })], 'when the trial that it is of has ended already');
        bench.send(callFailed(failure, { trial: 'b' }));
        expectState(bench, 'open', 'after a failed trial whose lease had run out');
      }
    },
  },
  {
    name: 'results of an earlier generation change nothing',
    check: ({ start, failure }) => {
      const bench = start();
      const generation = 0;
      const late = [callFailed(failure, { generation }), { type: 'call.succeeded', generation } as const];
      bench.send({ type: 'breaker.trip' });
      const { recoverAt } = bench;
      bench.send(...late, ...late, ...late);
      expectState(bench, 'open', 'after late results');
      if (bench.recoverAt < recoverAt) throw new Error('a late result has made its wait shorter');
      bench.advanceTo(bench.recoverAt);
      expectUnchanged(bench, [...late, { type: 'call.succeeded', generation, count: 100 }], 'while it is half-open');
      bench.send({ type: 'breaker.reset' });
      expectUnchanged(bench, late, 'while it is closed again');
    },
  },
];

/** Throws an Error where an event that ends the trial `a` does more than to give its slot back. */
function expectNeutral(bench: MachineBench, event: BreakerEvent): void {
  bench.halfOpen();
  bench.send(started('a'), started('b'));
  const { trialSuccesses, generation } = bench.context;
  bench.send(event);
  expectState(bench, 'halfOpen', `after a trial that ended with ${event.type} and has no verdict`);
  const { context } = bench;
  if (context.generation !== generation) throw new Error(`${event.type} without a verdict began a new generation`);
  if (context.trialSuccesses !== trialSuccesses) throw new Error(`${event.type} was taken for a good trial`);
  if (context.trials.some(({ id }) => id === 'a')) throw new Error(`no slot is free after ${event.type}`);
}

function lastExpiry(bench: MachineBench): number {
  return bench.context.trials.reduce((latest, { expiresAt }) => Math.max(latest, expiresAt), bench.clock.now());
}
