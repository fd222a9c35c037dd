import type { BreakerEvent, BreakerStateName } from '../../machines/breaker-events.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import type { MachineBench } from './machine-bench.ts';
import { type MachineRule, started, succeeded } from './machine-rule.ts';

/** One way from a state to another. */
interface Change {
  readonly from: BreakerStateName;
  readonly to: BreakerStateName;
  readonly cause: (bench: MachineBench, failure: unknown) => void;
}

/** What holds of every change of state. */
export const changeRules: readonly MachineRule[] = [
  {
    name: 'every change of state begins a new generation and is told, first as breaker.stateChanged',
    check: ({ start, failure }) => {
      for (const change of changes) {
        const bench = start();
        bringTo[change.from](bench);
        expectTold(bench, change, failure);
      }
    },
  },
];

const bringTo: Readonly<Record<BreakerStateName, (bench: MachineBench) => void>> = {
  closed: () => {},
  open: (bench) => bench.send({ type: 'breaker.trip' }),
  halfOpen: (bench) => bench.halfOpen(),
  isolated: (bench) => bench.send({ type: 'breaker.isolate' }),
  disabled: (bench) => bench.send({ type: 'breaker.disable' }),
};

const changes: readonly Change[] = [
  ...changesBy('breaker.trip', 'open', ['closed', 'halfOpen', 'disabled']),
  ...changesBy('breaker.reset', 'closed', ['open', 'halfOpen', 'isolated', 'disabled']),
  ...changesBy('breaker.isolate', 'isolated', ['closed', 'open', 'halfOpen', 'disabled']),
  ...changesBy('breaker.disable', 'disabled', ['closed', 'open', 'halfOpen', 'isolated']),
  ...changesBy('breaker.enable', 'closed', ['disabled']),
  ...changesBy('breaker.release', 'closed', ['isolated']),
  { from: 'open', to: 'halfOpen', cause: (bench) => bench.advanceTo(bench.recoverAt) },
  {
    from: 'open',
    to: 'halfOpen',
    cause: (bench) => {
      bench.jumpTo(bench.recoverAt);
      bench.send({ type: 'recovery.elapsed' });
    },
  },
  {
    from: 'halfOpen',
    to: 'open',
    cause: (bench, failure) => bench.send(started('a'), callFailed(failure, { trial: 'a' })),
  },
  {
    from: 'halfOpen',
    to: 'closed',
    cause: (bench) => {
      bench.send(started('a'), succeeded('a'), started('b'), succeeded('b'));
      const { ramp } = bench.context.settings;
      if (ramp !== null) bench.advanceTo(bench.clock.now() + ramp.steps * ramp.stepDurationMs);
    },
  },
];

function changesBy(
  type: BreakerEvent['type'],
  to: BreakerStateName,
  origins: readonly BreakerStateName[],
): readonly Change[] {
  return origins.map((from) => ({ from, to, cause: (bench) => bench.send({ type }) }));
}

function expectTold(bench: MachineBench, { from, to, cause }: Change, failure: unknown): void {
  const { generation } = bench.context;
  const heard = bench.emitted.length;
  cause(bench, failure);
  // Whether it changes its state at all is the business of other rules.
  if (bench.state !== to) return;
  const change = `the change from ${from} to ${to}`;
  if (!(bench.context.generation > generation)) throw new Error(`${change} has begun no new generation`);
  const told = bench.emitted.slice(heard);
  const types = told.map(({ type }) => type).join(' ');
  const wanted = `breaker.stateChanged breaker.${to === 'open' ? 'opened' : to === 'halfOpen' ? 'halfOpened' : to}`;
  if (types !== wanted) throw new Error(`${change} has emitted "${types}" where "${wanted}" was wanted`);
  for (const event of told) {
    if (event.generation !== bench.context.generation)
      throw new Error(`${event.type} of ${change} tells another generation than that which begins`);
    if (event.type === 'breaker.stateChanged' && (event.from !== from || event.to !== to))
      throw new Error(`${change} is told as one from ${event.from} to ${event.to}`);
    if (event.type === 'breaker.opened' && event.recoverAt !== bench.recoverAt)
      throw new Error(`${event.type} of ${change} tells another recoverAt than the context`);
  }
}
