import { type BreakerInput, createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import { errorOf } from '../calling/makers.ts';

const start = 1_000_000;
const wide: BreakerInput = { failureRateThreshold: 1, windowSize: 50, minimumCalls: 50 };
const overTime: BreakerInput = { failureRateThreshold: 1, failureWindow: 1000, minimumCalls: 50 };
const inWindow: BreakerInput = { failureThreshold: 99, failureWindow: 1000 };

/** A snapshot of a breaker with some calls behind it, and with nothing in it that is empty where it need not be. */
function snapshotOf(input: BreakerInput): unknown {
  const clock = createTestClock(start);
  const breaker = createBreaker({ ...input, clock });
  for (const end of ['fail', 'succeed', 'fail', 'fail'] as const) {
    for (let call = 0; call < 5; call++) breaker.acquire()[end](new Error('down'));
    clock.jump(150);
  }
  return JSON.parse(JSON.stringify(breaker));
}

function openSnapshot(): unknown {
  const breaker = createBreaker({ clock: createTestClock(start) });
  breaker.acquire().fail(new Error('down'));
  breaker.trip();
  return JSON.parse(JSON.stringify(breaker));
}

/** A snapshot of every way of counting, and of an open circuit, with the options that go with it. */
const whole: readonly [string, unknown, BreakerInput][] = [
  ['failures in a row', snapshotOf({ failureThreshold: 99 }), { failureThreshold: 99 }],
  ['failures in a window', snapshotOf(inWindow), inWindow],
  ['a rate of calls', snapshotOf(wide), wide],
  ['a rate over time', snapshotOf(overTime), overTime],
  ['an open circuit', openSnapshot(), {}],
];

type Path = readonly (string | number)[];

/** The paths of everything in a value that has a name or a number. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const inner = entries.flatMap(([key, entry]) => pathsIn(entry, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy in which one thing is another, or is missing. */
function withChange(value: unknown, path: Path, change: (object: object, key: string) => void): unknown {
  const copy: unknown = structuredClone(value);
  const parent = path.slice(0, -1).reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), copy);
  change(Object(parent), String(path.at(-1)));
  return copy;
}

const set = (value: unknown) => (object: object, key: string) => void Reflect.set(object, key, value);

/** What no part of a snapshot can be. */
const neverRight: readonly [string, (object: object, key: string) => void][] = [
  ['is undefined', set(undefined)],
  ['is true', set(true)],
  ['is NaN', set(Number.NaN)],
  ['is Infinity', set(Number.POSITIVE_INFINITY)],
  ['is a bigint', set(1n)],
  ['is a function', set(() => 1)],
  ['is an object of something else', set({ foreign: 1 })],
  ['is a text of something else', (object, key) => void Reflect.set(object, key, key === 'name' ? '' : 'foreign')],
];

/** What is a name of the failure, not of the breaker, may be any text; a kind may be text or null. */
const isFreeText = (path: Path) => path.includes('lastFailure') && ['name', 'kind'].includes(String(path.at(-1)));

/** What a snapshot of an earlier version has not got. */
const isNewer = (path: Path) => ['opening', 'kinds'].includes(String(path.at(-1)));

/** Kinds have names of somebody's own. */
const isOfKinds = (path: Path) => path.at(-2) === 'kinds';

/** What is no fault of a part. */
function isAllowed(change: string, path: Path): boolean {
  if (change.includes('text')) return isFreeText(path);
  if (change === 'is undefined') return isNewer(path);
  return change.includes('object') && isOfKinds(path);
}

function refusalOf(snapshot: unknown, input: BreakerInput): unknown {
  const clock = createTestClock(start);
  const error = errorOf(() => Reflect.apply(createBreaker, undefined, [{ ...input, clock, snapshot }]), undefined);
  // Nothing has been started that would have to be stopped.
  expect(clock.pendingTimers).toBe(0);
  return error;
}

const refused = { name: 'BreakerOptionsError', code: 'ERR_BREAKER_OPTIONS', option: 'snapshot' } as const;

describe.each(whole)('a snapshot of %s', (_name, snapshot, input) => {
  const paths = pathsIn(snapshot);

  it('S-70 is whole: it is accepted as it is', () => {
    expect(paths.length).toBeGreaterThan(25);
    expect(() =>
      Reflect.apply(createBreaker, undefined, [{ ...input, clock: createTestClock(start), snapshot }]),
    ).not.toThrow();
  });

  it.each(neverRight)('S-70 is refused where any one part of it %s', (change, breaks) => {
    for (const path of paths)
      if (!isAllowed(change, path))
        expect({ path, error: refusalOf(withChange(snapshot, path, breaks), input) }).toMatchObject({
          path,
          error: refused,
        });
  });

  it('S-70 is refused where any one property of it is missing', () => {
    for (const path of paths)
      if (typeof path.at(-1) === 'string' && !isNewer(path))
        expect(refusalOf(withChange(snapshot, path, Reflect.deleteProperty), input)).toMatchObject(refused);
  });

  it('S-70 is refused where any one number of calls is negative, a fraction or too large', () => {
    const instants = ['at', 'since', 'recoverAt', 'waitMs', 'status'];
    const ratios = ['failureRate', 'slowRate'];
    const isCount = (path: Path) => ![...instants, ...ratios].includes(String(path.at(-1)));
    for (const path of paths) {
      const value: unknown = path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), snapshot);
      if (typeof value !== 'number' || !isCount(path) || path.includes('failureTimes')) continue;
      for (const wrong of [-1, 0.5, 2 ** 53, '1', null])
        expect(refusalOf(withChange(snapshot, path, set(wrong)), input)).toMatchObject(refused);
    }
  });

  it('S-70 is refused with a property that is none of its own, anywhere', () => {
    for (const path of [['foreign'], ['counts', 'foreign'], ['counts', 'window', 'foreign'], ['totals', 'foreign']])
      expect(refusalOf(withChange(snapshot, path, set(1)), input)).toMatchObject(refused);
  });

  it.each([0, 2, 1.5, '1', null, -1])('S-70 is refused as one of version %s', (version) => {
    expect(refusalOf(withChange(snapshot, ['version'], set(version)), input)).toMatchObject(refused);
  });
});

describe('something that is no snapshot', () => {
  const actor = createActor(circuitBreakerMachine).start();

  it.each([
    ['a text', '{"version":1}'],
    ['an empty object', {}],
    ['an array', [openSnapshot()]],
    ['a snapshot of XState', actor.getSnapshot()],
    ['a persisted snapshot of XState', actor.getPersistedSnapshot()],
    ['the same after a way through JSON', JSON.parse(JSON.stringify(actor.getPersistedSnapshot()))],
    ['metrics', createBreaker().metrics()],
    ['a breaker', createBreaker()],
    ['an older shape', { version: 0, name: 'breaker', state: 'OPEN', failures: 3 }],
    ['null', null],
  ])('S-70 is refused: %s', (_name, snapshot) => {
    expect(refusalOf(snapshot, {})).toMatchObject(refused);
  });
});

describe('a snapshot that contradicts itself', () => {
  it.each([
    ['open without an end', { recoverAt: null }],
    ['open without a wait', { waitMs: null }],
    ['closed with an end', { state: 'closed' }],
    ['isolated with an end', { state: 'isolated' }],
    ['a wait of nothing', { waitMs: 0 }],
    ['a wait below nothing', { waitMs: -1 }],
    ['a wait that no timer can keep', { waitMs: 2 ** 31 }],
    ['a state that the chart does not have', { state: 'stopped' }],
  ])('S-70 is refused: %s', (_name, change) => {
    expect(refusalOf({ ...Object(openSnapshot()), ...change }, {})).toMatchObject(refused);
  });

  it.each([
    ['more failures than calls', wide, { failures: 21 }],
    ['more calls than it has kept', wide, { calls: 21 }],
    ['fewer calls than it has kept', overTime, { calls: 19 }],
    ['slow calls that nobody has kept', overTime, { slow: 1 }],
    [
      'slices out of order',
      overTime,
      {
        slices: [
          { at: 9, calls: 10, failures: 5, slow: 0 },
          { at: 8, calls: 10, failures: 10, slow: 0 },
        ],
      },
    ],
    ['more calls skipped than kept', wide, { skipped: 21 }],
    ['an empty piece', wide, { older: ['', '-----+++++------'], newest: '----' }],
    ['a whole piece skipped', wide, { older: ['----', '-----+++++------'], skipped: 4 }],
  ])('S-70 is refused: %s', (_name, input, change) => {
    const snapshot = withChange(snapshotOf(input), ['counts', 'window'], (counts) =>
      Object.assign(Reflect.get(counts, 'window'), change),
    );
    expect(refusalOf(snapshot, input)).toMatchObject(refused);
  });

  it('S-70 is refused: failures that are not in order', () => {
    const snapshot = withChange(snapshotOf(inWindow), ['counts', 'failureTimes'], set([5, 4]));
    expect(refusalOf(snapshot, inWindow)).toMatchObject(refused);
  });
});

it('S-70 says what is wrong, without printing what it was given', () => {
  const secret = 'sk-'.padEnd(60, 'x');
  const error = refusalOf({ ...Object(openSnapshot()), state: secret }, {});
  expect(String(error)).toMatch(/^BreakerOptionsError: snapshot\.state must be 'closed' or .+, but was a string of 60/);
  expect(String(error)).not.toContain(secret);
});

it('S-70 has called nobody when it refuses a snapshot', () => {
  const hear = vi.fn();
  const options = { snapshot: {}, onStateChange: hear, inspect: hear, onCallbackError: hear };
  errorOf(() => Reflect.apply(createBreaker, undefined, [options]), undefined);
  expect(hear).not.toHaveBeenCalled();
});
