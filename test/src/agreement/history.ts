import fc from 'fast-check';

/** One step of a random history of a breaker. */
export type Step =
  | { readonly kind: 'start' }
  | { readonly kind: 'end'; readonly which: number; readonly how: End }
  | { readonly kind: 'command'; readonly type: Command }
  | { readonly kind: 'time'; readonly ms: number; readonly withTimers: boolean };

export type End = 'succeed' | 'fail' | 'failExcluded' | 'ignore' | 'cancel';
export type Command = 'trip' | 'reset' | 'disable' | 'enable' | 'isolate' | 'release';

const end: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('end' as const),
  which: fc.nat({ max: 9 }),
  how: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('succeed' as const, 'fail' as const) },
    { weight: 1, arbitrary: fc.constantFrom('failExcluded' as const, 'ignore' as const, 'cancel' as const) },
  ),
});

const command: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('command' as const),
  type: fc.constantFrom('trip', 'reset', 'disable', 'enable', 'isolate', 'release'),
});

const time: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('time' as const),
  ms: fc.constantFrom(1, 10, 49, 50, 99, 100, 101, 250),
  withTimers: fc.boolean(),
});

/** A history: mostly calls that start and end, in any order, with time passing and a command now and then. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>({ kind: 'start' }) },
    { weight: 8, arbitrary: end },
    { weight: 4, arbitrary: time },
    { weight: 1, arbitrary: command },
  ),
  { minLength: 5, maxLength: 60 },
);

/** Small settings, so that a short history reaches every state. */
export const settings = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 4 }),
  recoveryTimeout: fc.constant(100),
  failureWindow: fc.constantFrom(undefined, 50, 200),
  halfOpenTrials: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 3 }),
  trialTimeout: fc.constantFrom(undefined, 50),
});
