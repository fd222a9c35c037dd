import type { MachineBench } from './machine-bench.ts';
import { liveThrough } from './machine-life.ts';
import { type MachineRule, passTrials, started } from './machine-rule.ts';

/** What holds of every event, in every state. */
export const eventRules: readonly MachineRule[] = [
  {
    name: 'no event stops its actor, in any state, and every state admits or rejects',
    check: ({ start, failure }) => {
      const hasRamp = start().context.settings.ramp !== null;
      const brought = (bring: (bench: MachineBench) => void) => {
        const bench = start();
        bring(bench);
        return bench;
      };
      for (const bring of hasRamp ? [...bringers, passTrials] : bringers) {
        let bench = brought(bring);
        const { picture } = bench;
        for (const event of oddEvents(failure)) {
          Reflect.apply(bench.send, bench, [event]);
          expectAnswer(bench);
          // An actor that nothing has changed is as good as a new one.
          if (bench.picture !== picture) bench = brought(bring);
        }
      }
    },
  },
  {
    name: 'no number of outcomes stops its actor',
    check: ({ start, failure }) => {
      const bench = start();
      liveThrough(bench, [failure, new Error('another failure'), null], 30, () => expectAnswer(bench));
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

function expectAnswer(bench: MachineBench): void {
  if (bench.has('admitting') === bench.has('rejecting'))
    throw new Error(`its state ${bench.state} has not exactly one of the tags admitting and rejecting`);
}
