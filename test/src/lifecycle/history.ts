import fc from 'fast-check';

/** How a call ends. */
export type End = 'success' | 'failure' | 'excluded' | 'cancelled' | 'ignored';

/** What a person can order at once; isolation has handles. */
export type Order = 'trip' | 'reset' | 'disable' | 'enable';

/** One step of a breaker's life. Times are multiples of five, so that they often meet a limit exactly. */
export type Step =
  | { readonly type: 'start'; readonly way: 'call' | 'run' | 'permit' }
  | { readonly type: 'end'; readonly index: number; readonly end: End }
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'isolate' }
  | { readonly type: 'letGo'; readonly index: number }
  | { readonly type: 'advance' | 'jump'; readonly ms: number }
  | { readonly type: 'look' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('start' as const),
      way: fc.constantFrom('call' as const, 'run' as const, 'permit' as const),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('end' as const),
      index: fc.nat(7),
      end: fc.constantFrom<End[]>('failure', 'failure', 'failure', 'success', 'excluded', 'cancelled', 'ignored'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('order' as const),
      order: fc.constantFrom<Order[]>('trip', 'reset', 'disable', 'enable'),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'isolate' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('letGo' as const), index: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('advance' as const, 'jump' as const),
      ms: fc.constantFrom(10, 30, 50, 95, 100, 105, 110, 300),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-10, -50, -1000) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ type: 'look' }) },
);

/** A random life. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 5, maxLength: 50, size: 'max' });

/** The settings of a breaker, small enough for everything to happen. */
export const settings = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 4 }),
  recoveryTimeout: fc.constantFrom(100, 200),
  halfOpenTrials: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 3 }),
  trialTimeout: fc.constantFrom(50, 100, 400),
});
