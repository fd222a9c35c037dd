import fc from 'fast-check';

/** How a call ends. */
export type End = 'success' | 'failure' | 'excluded' | 'cancelled' | 'ignored';

/** How a call is made; one that is made by `using` a permit fails by not being settled. */
export type Way = 'call' | 'run' | 'permit' | 'using';

/** What a person can order at once; isolation has handles. */
export type Order = 'trip' | 'reset' | 'disable' | 'enable';

/** One step of a breaker's life. Times are multiples of five, so that they often meet a limit exactly. */
export type Step =
  | { readonly type: 'start'; readonly way: Way }
  | { readonly type: 'end'; readonly index: number; readonly end: End }
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'isolate' }
  | { readonly type: 'letGo'; readonly index: number }
  | { readonly type: 'advance' | 'jump'; readonly ms: number }
  | { readonly type: 'look' };

const start: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('start' as const),
  way: fc.constantFrom<Way[]>('call', 'run', 'permit', 'using'),
});

/** The calls that have waited longest end first, more often than not: those are the ones that still count. */
const index = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(7) });

const end: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('end' as const),
  index,
  end: fc.constantFrom<End[]>(
    'failure',
    'failure',
    'failure',
    'success',
    'success',
    'excluded',
    'cancelled',
    'ignored',
  ),
});

const success: fc.Arbitrary<Step> = fc.constant({ type: 'end', index: 0, end: 'success' });

const delay: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('advance' as const, 'jump' as const),
  ms: fc.constantFrom(5, 10, 30, 50, 95, 100, 105, 110, 300),
});

const order: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('order' as const),
  order: fc.constantFrom<Order[]>('trip', 'reset', 'disable', 'enable'),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: start },
  { weight: 20, arbitrary: end },
  { weight: 1, arbitrary: order },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'isolate' }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('letGo' as const), index: fc.nat(3) }) },
  { weight: 6, arbitrary: delay },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-10, -50, -1000) }) },
  { weight: 3, arbitrary: fc.constant<Step>({ type: 'look' }) },
);

/** A step that is left out at times, so that a turn of life varies and can be made shorter. */
function often(arbitrary: fc.Arbitrary<Step>): fc.Arbitrary<Step | null> {
  return fc.option(arbitrary, { freq: 12 });
}

/** Single steps, and two turns of life that single steps seldom take by chance. */
const phrase: fc.Arbitrary<readonly (Step | null)[]> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(step) },
  // Some time after the circuit has opened, calls go well: it closes, or a ramp begins.
  { weight: 1, arbitrary: fc.tuple(delay, ...[start, success, start, success].map(often)) },
  // Several calls are under way when time passes: they become slow together.
  { weight: 1, arbitrary: fc.tuple(start, ...[start, start, delay, success, success].map(often)) },
);

/** A random life. */
export const history: fc.Arbitrary<readonly Step[]> = fc
  .array(phrase, { minLength: 5, maxLength: 40, size: 'max' })
  .map((phrases) => phrases.flat().filter((one) => one !== null));
