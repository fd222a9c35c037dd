import fc from 'fast-check';
import type { Command, NaiveRules, Verdict } from './naive-breaker.ts';

/** One step of a random history. What it refers to is chosen when it is played, by what exists then. */
export type Step =
  | {
      readonly do: 'end';
      readonly verdict: Verdict;
      /** How many generations ago the call was admitted; undefined leaves it out. */
      readonly age: number | undefined;
      /** Picks one of the last trials that were started, counted back from the latest; undefined leaves it out. */
      readonly trial: number | undefined;
      readonly count: number;
      readonly duration: number | undefined;
      readonly openFor: number | undefined;
      readonly openNow: boolean | undefined;
      readonly lag: number | undefined;
    }
  | { readonly do: 'start'; readonly isNamed: boolean; readonly lot: number; readonly lag: number | undefined }
  | { readonly do: 'recovery.elapsed' | 'trial.expired'; readonly lag: number | undefined }
  | { readonly do: 'command'; readonly command: Command; readonly lag: number | undefined }
  /** Time passes with timers (`advance`) or with none of them firing (`jump`). */
  | { readonly do: 'advance' | 'jump'; readonly ms: number };

/** Failures and successes are more frequent than ends without a verdict. */
const verdicts: readonly Verdict[] = ['succeeded', 'succeeded', 'failed', 'failed', 'failed', 'ignored', 'cancelled'];
const commands: readonly Command[] = ['isolate', 'release', 'reset', 'trip', 'disable', 'enable'];

/** How long ago an event happened when it is sent; undefined leaves its date out. */
const lag = fc.option(fc.oneof(fc.constant(0), fc.nat(30)), { nil: undefined });

const end: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('end' as const),
  verdict: fc.constantFrom<Verdict[]>(...verdicts),
  age: fc.option(fc.constantFrom(0, 0, 0, 1, 2), { nil: undefined }),
  trial: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
  count: fc.constantFrom(1, 1, 1, 2, 3),
  duration: fc.option(fc.constantFrom(5, 10, 11), { nil: undefined }),
  openFor: fc.option(fc.constantFrom(1, 30, 60, 150), { nil: undefined, freq: 2 }),
  openNow: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, false, true),
  lag,
});
const start: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('start' as const),
  isNamed: fc.boolean(),
  lot: fc.constantFrom(0, 0.2, 0.25, 0.4, 0.5, 0.7, 0.75, 0.9),
  lag,
});
const look: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('recovery.elapsed' as const, 'trial.expired' as const),
  lag,
});
const command: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('command' as const),
  command: fc.constantFrom(...commands),
  lag,
});
const passage: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('advance' as const, 'jump' as const),
  ms: fc.oneof(fc.nat(60), fc.constantFrom(20, 40, 100)),
});

/** Steps in the order of a life: mostly calls and trials, now and then a command. */
export const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: end },
    { weight: 5, arbitrary: start },
    { weight: 1, arbitrary: look },
    { weight: 1, arbitrary: command },
    { weight: 4, arbitrary: passage },
  ),
  { maxLength: 60, size: 'max' },
);

/** By what failures are judged. Rates over time are not exact, and have properties of their own. */
type Counting = Pick<NaiveRules, 'failureWindow' | 'failureRateThreshold' | 'minimumCalls' | 'windowSize'>;

const noRate = { failureRateThreshold: undefined, minimumCalls: undefined, windowSize: undefined };
const counting: fc.Arbitrary<Counting> = fc.oneof(
  fc.constant({ ...noRate, failureWindow: undefined }),
  fc.record({ failureWindow: fc.constantFrom(10, 40, 100) }).map((window) => ({ ...noRate, ...window })),
  fc.record({
    failureWindow: fc.constant(undefined),
    failureRateThreshold: fc.constantFrom(0.3, 0.5, 2 / 3, 1),
    minimumCalls: fc.integer({ min: 1, max: 4 }),
    windowSize: fc.integer({ min: 4, max: 8 }),
  }),
);

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

/** Small numbers, so that every threshold and every wait is reached often. */
export const rules: fc.Arbitrary<NaiveRules> = fc
  .tuple(
    counting,
    fc.record({
      failureThreshold: fc.integer({ min: 1, max: 4 }),
      recoveryTimeout: fc.constantFrom(20, 40, 100),
      halfOpenTrials: fc.integer({ min: 1, max: 3 }),
      successThreshold: fc.integer({ min: 1, max: 3 }),
      trialFailureThreshold: fc.integer({ min: 1, max: 3 }),
      trialTimeout: fc.constantFrom(20, 40, 100),
      slowCallThreshold: optional(fc.constant(10)),
      recoveryBackoff: optional(fc.record({ factor: fc.constantFrom(1, 2, 3), maxRecoveryTimeout: fc.constant(150) })),
      recoveryRamp: optional(fc.record({ steps: fc.constantFrom(1, 3), stepDuration: fc.constantFrom(10, 30) })),
    }),
  )
  .map(([mode, others]) => ({ ...mode, ...others }));
