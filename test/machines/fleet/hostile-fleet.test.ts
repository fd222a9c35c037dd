import { type BreakerEvent, type BreakerInput, type FleetEvent, overdueEvent } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { type Leaf, leaves, patience, type RunningBreaker, startBreaker } from '../running-breaker.ts';
import { eventTypes, ofTheFleet } from '../transition-table.ts';
import { createFakeFleet } from './fake-fleet.ts';

/** One event of whatever kind, with whatever is in it, after the clock has moved. */
interface Blow {
  readonly type: BreakerEvent['type'];
  readonly offset: number | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly shift: number;
}

const fleetTypes = ofTheFleet.map(({ type }) => type);
const huge = [Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const nonsense = [undefined, null, '', '7', {}, [], true, Number.NaN, -1, -0.5, 0, 0.5, 1, 2, 30, 200, ...huge];
const reasons = [undefined, null, 'down', 5, {}, { name: 1 }, { name: 'E', kind: 7, status: 'x', key: 1n }];
const anything = fc.option(fc.constantFrom<unknown[]>(...nonsense), { nil: undefined, freq: 3 });

const blow: fc.Arbitrary<Blow> = fc.record({
  type: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...eventTypes) },
    { weight: 2, arbitrary: fc.constantFrom<BreakerEvent['type'][]>(...fleetTypes, 'trial.started', 'call.succeeded') },
  ),
  offset: fc.option(fc.constantFrom(-300, -5, 0, 5, 300, Number.NaN), { nil: undefined, freq: 2 }),
  fields: fc.record({
    ...{ openFor: anything, reopenings: anything, others: anything, token: anything, leaseFor: anything },
    ...{ reason: fc.constantFrom<unknown[]>(...reasons), lot: fc.constantFrom(0, 0.6) },
  }),
  shift: fc.integer({ min: -150, max: 150 }),
});

const rules: fc.Arbitrary<BreakerInput> = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 2 }),
  recoveryTimeout: fc.constantFrom(20, 100),
  halfOpenTrials: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 2 }),
  trialTimeout: fc.constantFrom(20, 100),
  recoveryBackoff: fc.option(fc.constant({ factor: 2, maxRecoveryTimeout: 150, jitter: 0.1 }), { nil: undefined }),
  recoveryRamp: fc.option(fc.constant({ steps: 2, stepDuration: 30 }), { nil: undefined, freq: 2 }),
});

/** Everything that is told to one breaker. */
const blows = fc.array(blow, { maxLength: 40, size: 'max' });

/** Tells a breaker all of it, and looks at it after each; returns every leaf that it was in. */
function play(input: BreakerInput, told: readonly Blow[]): ReadonlySet<Leaf> {
  const visited = new Set<Leaf>();
  const { machine, members } = createFakeFleet();
  const breaker = startBreaker(input, { machine });
  for (const { type, offset, fields, shift } of told) {
    breaker.clock.jump(shift);
    const { generation } = breaker.context;
    const at = offset === undefined ? undefined : breaker.clock.now() + offset;
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type, at, ...fields }]);
    expectSoundness(breaker, generation);
    visited.add(breaker.leaf);
  }
  expectRecovery(breaker, (...events) => members[0]?.send(...events));
  return visited;
}

const plain: BreakerInput = {
  ...{ failureThreshold: 1, recoveryTimeout: 20, halfOpenTrials: 1, successThreshold: 1, trialTimeout: 100 },
};

/** To the leaves that chance seldom comes to, or to some of them. */
const directPaths: readonly (readonly [BreakerInput, readonly BreakerEvent['type'][]])[] = [
  [plain, ['breaker.trip', 'recovery.elapsed', 'trial.started']],
  [plain, ['fleet.connected', 'fleet.opened', 'recovery.elapsed']],
  [
    { ...plain, recoveryRamp: { steps: 2, stepDuration: 30 } },
    ['breaker.trip', 'recovery.elapsed', 'trial.started', 'call.succeeded'],
  ],
  [plain, ['breaker.disable']],
  [plain, ['fleet.isolated', 'breaker.isolate']],
];

describe('whatever a fleet tells, in whatever order', () => {
  it(
    'S-26 S-33 never stops the chart, makes anything negative or endless, or wedges the circuit',
    () => {
      fc.assert(
        fc.property(rules, blows, (input, told) => {
          play(input, told);
        }),
        { numRuns: runs(2_000) },
      );
    },
    patience,
  );

  it('S-26 S-33 does so in every leaf', () => {
    const samples = fc.sample(fc.tuple(rules, blows), { numRuns: 100, seed: 1 });
    const directed = directPaths.map(([input, types]): [BreakerInput, readonly Blow[]] => [
      input,
      types.map((type) => ({ type, offset: undefined, fields: {}, shift: 50 })),
    ]);
    const visited = new Set([...samples, ...directed].flatMap(([input, told]) => [...play(input, told)]));
    expect([...visited].sort()).toEqual([...leaves].sort());
  });
});

/** What has to be so after whatever event. */
function expectSoundness(breaker: RunningBreaker, generation: number): void {
  const { context, leaf, actor, clock } = breaker;
  const { trials, reopenings, fleet, settings } = context;
  const tokens = fleet?.leases.map(({ token }) => token) ?? [];
  const ends = fleet?.leases.map(({ expiresAt }) => expiresAt) ?? [];
  const verdicts = [...actor.getSnapshot().tags].filter((tag) => tag === 'admitting' || tag === 'rejecting');
  const isTrying = leaf === 'halfOpen.free' || leaf === 'halfOpen.waiting' || leaf === 'halfOpen.full';
  const needsLease = fleet?.isConnected === true && fleet.state === 'open';
  const slots = needsLease ? tokens.length : settings.halfOpenTrials;
  const isSound = {
    'in a leaf': leaves.includes(leaf),
    'generation grows': context.generation >= generation,
    'admits or rejects': verdicts.length === 1,
    'counts reopenings': Number.isSafeInteger(reopenings) && reopenings >= 0,
    'counts holds': Number.isSafeInteger(context.holds) && context.holds >= 0,
    'counts the holds of others':
      fleet === null || (Number.isSafeInteger(fleet.holdsOfOthers) && fleet.holdsOfOthers >= 0),
    'names leases by whole numbers': tokens.every(Number.isSafeInteger) && new Set(tokens).size === tokens.length,
    // The clock may have gone back with each of the blows since; such a lease is of no use.
    'lends for a second, since no trial takes longer': ends.every((end) => end <= clock.now() + 300 + 1000 + 40 * 150),
    'waits only while open': (context.recoverAt !== null) === (leaf === 'open'),
    'waits for as long as a timer can': !(Number(context.waitMs) < 0 || Number(context.waitMs) > 2_147_483_647),
    'waits for a slot only where there is none': (leaf === 'halfOpen.waiting') === (isTrying && slots === 0),
    'is full only where every slot is taken':
      leaf !== 'halfOpen.free' && leaf !== 'halfOpen.full'
        ? true
        : (leaf === 'halfOpen.full') === trials.length >= slots,
    'is held only while isolated': context.holds === 0 || leaf === 'isolated',
    'is JSON': isJson(context),
  };
  expect(Object.entries(isSound).filter(([, holds]) => !holds)).toEqual([]);
}

/** Whether a way through JSON changes nothing: no NaN, no Infinity, nothing that is not written. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return ['string', 'boolean', 'undefined'].includes(typeof value) || value === null;
  return Object.values(value).every(isJson);
}

/** However things stand: a fleet that closes, or cannot be reached, lets the circuit close. */
function expectRecovery(breaker: RunningBreaker, tell: (...events: readonly FleetEvent[]) => void): void {
  if (breaker.leaf === 'disabled') breaker.send({ type: 'breaker.enable' });
  if (breaker.leaf === 'isolated' && breaker.context.holds === 0) tell({ type: 'fleet.closed' });
  for (let hold = breaker.context.holds; hold > 0; hold--) breaker.send({ type: 'breaker.release' });
  if (breaker.leaf === 'isolated') tell({ type: 'fleet.closed' });
  tell({ type: 'fleet.connected' }, { type: 'fleet.opened', openFor: 10 });
  if (breaker.context.rampStartedAt === null) recoverOnLeases(breaker, tell);
  tell({ type: 'fleet.disconnected' });
  for (let round = 0; round < 12 && breaker.leaf !== 'closed'; round++) step(breaker);
  expect(breaker.leaf).toBe('closed');
}

function recoverOnLeases(breaker: RunningBreaker, tell: (...events: readonly FleetEvent[]) => void): void {
  for (let round = 0; round < 12 && breaker.leaf !== 'closed'; round++) {
    if (breaker.leaf === 'halfOpen.waiting') tell({ type: 'fleet.leaseGranted' });
    step(breaker);
  }
  expect(breaker.leaf).toBe('closed');
}

/** A good call where one may be made; otherwise time passes. */
function step(breaker: RunningBreaker): void {
  const { leaf, clock } = breaker;
  if (breaker.isAdmitting && leaf !== 'closed' && leaf !== 'halfOpen.ramping')
    breaker.send({ type: 'trial.started', trial: 'good' }, { type: 'call.succeeded', trial: 'good' });
  if (breaker.leaf === 'open' || breaker.leaf === 'halfOpen.full' || breaker.leaf === 'halfOpen.ramping') {
    clock.jump(Math.max(300, Number(breaker.context.waitMs)));
    for (let event = owed(breaker), sent = 0; event && sent < 3; event = owed(breaker), sent++) breaker.send(event);
  }
}

function owed({ context, clock }: RunningBreaker) {
  return overdueEvent(context, clock.now());
}
