import type { BreakerEvent } from '../../machines/breaker-events.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import { type MachineBench, startBench } from './machine-bench.ts';

/** What a machine is checked with. */
export interface Trial {
  /** A new actor of the machine. */
  readonly start: () => MachineBench;
  /** An actor that goes on from what another one has persisted, so many milliseconds later. */
  readonly restore: (from: MachineBench, afterMs: number) => MachineBench;
  /** A failure that counts. */
  readonly failure: unknown;
}

/** A rule that every breaker's machine keeps, whatever it judges by. */
export interface MachineRule {
  readonly name: string;
  /** Throws what is wrong. */
  readonly check: (trial: Trial) => void;
}

const succeeded = (trial: string): BreakerEvent => ({ type: 'call.succeeded', trial });
const started = (trial: string): BreakerEvent => ({ type: 'trial.started', trial, lot: 0 });

/** The rules, in the order in which they are checked. */
export const machineRules: readonly MachineRule[] = [
  {
    name: 'an open circuit rejects until its wait is over, and half-opens by its timer',
    check: ({ start }) => {
      const bench = start();
      bench.send({ type: 'breaker.trip' });
      expectState(bench, 'open', 'after breaker.trip');
      if (bench.has('admitting')) throw new Error('it admits calls while it is open');
      const waitMs = Number(bench.actor.getSnapshot().context.recoverAt) - bench.clock.now();
      bench.clock.advance(waitMs - 1);
      expectState(bench, 'open', 'one millisecond before recoverAt');
      bench.clock.advance(1);
      expectState(bench, 'halfOpen', 'at recoverAt');
    },
  },
  {
    name: 'no timer needs to fire for it to half-open',
    check: ({ start }) => {
      const bench = start();
      bench.send({ type: 'breaker.trip' });
      bench.clock.jump(Number(bench.actor.getSnapshot().context.recoverAt) - bench.clock.now());
      bench.send({ type: 'recovery.elapsed' });
      expectState(bench, 'halfOpen', 'after recovery.elapsed at recoverAt');
    },
  },
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
        const { trials } = bench.actor.getSnapshot().context;
        if (trials.length !== 2) throw new Error(`${trials.length} trials run where halfOpenTrials is 2`);
        if (type === 'trial.expired') bench.clock.jump(300);
        bench.send(type === 'trial.expired' ? { type } : { type, trial: 'trial 0' });
        if (!bench.has('admitting')) throw new Error(`no slot is free after ${type}`);
      }
    },
  },
  {
    name: 'good trials close it, by themselves or after a ramp',
    check: ({ start }) => {
      const bench = start();
      bench.halfOpen();
      bench.send(started('a'), succeeded('a'), started('b'), succeeded('b'));
      const { ramp } = bench.actor.getSnapshot().context.settings;
      if (ramp !== null) bench.clock.advance(ramp.steps * ramp.stepDurationMs);
      expectState(bench, 'closed', 'after successThreshold good trials');
    },
  },
  {
    name: 'one failed trial opens it again',
    check: ({ start, failure }) => {
      const bench = start();
      bench.halfOpen();
      bench.send(started('a'), callFailed(failure, { trial: 'a' }));
      expectState(bench, 'open', 'after a failed trial');
    },
  },
  {
    name: 'results of an earlier generation change nothing',
    check: ({ start, failure }) => {
      const bench = start();
      const generation = 0;
      bench.send({ type: 'breaker.trip' });
      for (const event of [callFailed(failure, { generation }), { type: 'call.succeeded', generation } as const])
        bench.send(event, event, event);
      expectState(bench, 'open', 'after late results');
      bench.clock.advance(Number(bench.actor.getSnapshot().context.recoverAt) - bench.clock.now());
      bench.send(callFailed(failure, { generation }), { type: 'call.succeeded', generation, count: 100 });
      expectState(bench, 'halfOpen', 'after late results');
    },
  },
  {
    name: 'an isolation ends with its last hold, never with time or results',
    check: ({ start, failure }) => {
      const bench = start();
      bench.send({ type: 'breaker.isolate' }, { type: 'breaker.isolate' }, callFailed(failure), {
        type: 'call.succeeded',
      });
      bench.clock.advance(1_000_000);
      bench.send({ type: 'recovery.elapsed' }, { type: 'breaker.release' });
      expectState(bench, 'isolated', 'while a hold is left');
      if (bench.has('admitting')) throw new Error('it admits calls while it is isolated');
      bench.send({ type: 'breaker.release' });
      expectState(bench, 'closed', 'after the last breaker.release');
    },
  },
  {
    name: 'a disabled circuit admits and counts nothing',
    check: ({ start, failure }) => {
      const bench = start();
      bench.send({ type: 'breaker.disable' });
      for (let call = 0; call < 100; call++) bench.send(callFailed(failure));
      expectState(bench, 'disabled', 'after 100 failures');
      if (!bench.has('admitting')) throw new Error('it does not admit calls');
      bench.send({ type: 'breaker.enable' });
      if (bench.actor.getSnapshot().context.consecutiveFailures > 0) throw new Error('it has counted failures');
    },
  },
  {
    name: 'every change of state is told, first as breaker.stateChanged',
    check: ({ start }) => {
      const bench = start();
      const orders = ['trip', 'reset', 'isolate', 'disable', 'enable'] as const;
      for (const order of orders) bench.send({ type: `breaker.${order}` });
      const told = bench.emitted.map(({ type }) => type).join(' ');
      const names = ['opened', 'closed', 'isolated', 'disabled', 'closed'];
      const wanted = names.map((name) => `breaker.stateChanged breaker.${name}`).join(' ');
      if (told !== wanted) throw new Error(`it has emitted "${told}" where "${wanted}" was wanted`);
    },
  },
  {
    name: 'restored by plain XState while open, it recovers by itself; its snapshot holds no error',
    check: ({ start, restore, failure }) => {
      const bench = start();
      bench.send(callFailed(failure), { type: 'breaker.trip' });
      const waitMs = Number(bench.actor.getSnapshot().context.recoverAt) - bench.clock.now();
      const restored = restore(bench, waitMs / 2);
      expectState(restored, 'open', 'when it is restored');
      restored.clock.advance(waitMs / 2);
      expectState(restored, 'halfOpen', 'when what was left of its wait is over');
    },
  },
  {
    name: 'no event stops its actor, in any state, and every state admits or rejects',
    check: ({ start, failure }) => {
      for (const bring of bringers)
        for (const event of oddEvents(failure)) {
          const bench = start();
          bring(bench);
          Reflect.apply(bench.actor.send, bench.actor, [event]);
          const { status, error } = bench.actor.getSnapshot();
          if (status !== 'active') throw new Error(`${String(event.type)} has stopped it: ${String(error)}`);
          if (bench.has('admitting') === bench.has('rejecting'))
            throw new Error(`its state ${bench.state} has not exactly one of the tags admitting and rejecting`);
        }
    },
  },
];

const bringers: readonly ((bench: MachineBench) => void)[] = [
  () => {},
  (bench) => bench.send({ type: 'breaker.trip' }),
  (bench) => bench.halfOpen(),
  (bench) => {
    bench.halfOpen();
    bench.send(started('a'), started('b'));
  },
  (bench) => bench.send({ type: 'breaker.isolate' }),
  (bench) => bench.send({ type: 'breaker.disable' }),
];

/** Every event bare, and with fields that make no sense. */
function oddEvents(failure: unknown): readonly Readonly<Record<string, unknown>>[] {
  const types = ['call.succeeded', 'call.failed', 'call.ignored', 'call.cancelled', 'calls.counted'];
  types.push('trial.started', 'trial.expired', 'recovery.elapsed');
  types.push(...['isolate', 'release', 'reset', 'trip', 'disable', 'enable'].map((order) => `breaker.${order}`));
  const nonsense = {
    at: Number.NaN,
    generation: undefined,
    trial: {},
    count: -1,
    duration: 'long',
    openFor: -1,
    lot: 7,
  };
  return types.flatMap((type) => [
    { type },
    { type, error: failure },
    { type, error: null },
    { type, ...nonsense, counts: {} },
    { type, at: -1e15, count: 1e6, openFor: 5, openNow: true },
  ]);
}

function expectState(bench: MachineBench, wanted: string, when: string): void {
  if (bench.state !== wanted) throw new Error(`it is ${bench.state} ${when}, where ${wanted} was wanted`);
}

/** Restores an actor from what another one has persisted. */
export function restoreBench(
  from: MachineBench,
  afterMs: number,
  machine: Parameters<typeof startBench>[0],
): MachineBench {
  const snapshot = JSON.parse(JSON.stringify(from.actor.getPersistedSnapshot()));
  return startBench(machine, snapshot, from.clock.now() + afterMs);
}
