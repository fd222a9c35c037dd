import { createBreaker, systemClock } from 'agent-circuit-breaker';
import { type BreakerContext, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { reasonOf } from '../../support/calls.ts';

const down = () => Promise.reject(new Error('down'));
const { now: monotonicNow } = performance;

/** What is in the place of `performance` where there is none like Node's. */
const platforms: readonly (readonly [string, unknown])[] = [
  ['without performance', undefined],
  ['without timeOrigin', { now: () => 5 }],
  ['whose timeOrigin is NaN', { timeOrigin: Number.NaN, now: () => 5 }],
  ['whose timeOrigin is a function', { timeOrigin: () => 5, now: () => 5 }],
  ['whose performance throws', { timeOrigin: 0, now: Symbol.iterator }],
];

let wall = 0;

beforeEach(() => {
  wall = 1_800_000_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => wall);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe.each(platforms)('on a platform %s', (_title, performance) => {
  beforeEach(() => {
    vi.stubGlobal('performance', performance);
  });

  it('S-77 a breaker opens, waits by the wall clock and closes again', async () => {
    const breaker = createBreaker({ failureThreshold: 2, recoveryTimeout: 1_000 });
    await reasonOf(breaker.call(down));
    await reasonOf(breaker.call(down));
    expect(breaker.state).toBe('open');
    wall += 999;
    expect(breaker.tryAcquire()).toBeUndefined();
    wall += 1;
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
    breaker.stop();
  });

  it('S-77 S-27 the time never goes back, and goes on when the wall clock is put back an hour', () => {
    const before = systemClock.now();
    wall -= 3_600_000;
    expect(systemClock.now()).toBe(before);
    wall += 250;
    expect(systemClock.now()).toBe(before + 250);
  });

  it('S-77 a bare actor dates what comes undated, with a clock that cannot tell the time', () => {
    const clock = { setTimeout: () => undefined, clearTimeout: () => {} };
    const actor = createActor(circuitBreakerMachine, { clock, input: { failureThreshold: 1 } }).start();
    actor.send({ type: 'call.failed' });
    const { recoverAt }: BreakerContext = actor.getSnapshot().context;
    expect(recoverAt).toSatisfy(Number.isFinite);
    actor.stop();
  });
});

describe('on a platform that tells nothing at all', () => {
  it('S-77 a breaker opens and rejects', async () => {
    vi.stubGlobal('performance', undefined);
    wall = Number.NaN;
    const breaker = createBreaker({ failureThreshold: 1 });
    await reasonOf(breaker.call(down));
    expect(await reasonOf(breaker.call(down))).toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    breaker.stop();
  });
});

describe('a clock of the user', () => {
  it.each([
    ['NaN', () => Number.NaN],
    ['undefined', () => undefined],
    ['a string', () => '5'],
    ['Infinity', () => Number.POSITIVE_INFINITY],
    [
      'nothing but an error',
      () => {
        throw new Error('no');
      },
    ],
  ])('S-77 whose now() gives %s is told the time', async (_title, now) => {
    const clock = { now, setTimeout: () => undefined, clearTimeout: () => {} };
    const breaker = Reflect.apply(createBreaker, undefined, [{ clock, failureThreshold: 1 }]);
    await reasonOf(breaker.call(down));
    expect(breaker.state).toBe('open');
    expect(breaker.metrics().since).toSatisfy(Number.isFinite);
  });

  it('S-77 that draws nonsense, as chance does, ends a ramp all the same', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const clock = Object.assign(new SimulatedClock(), { random: () => Number.NaN });
    const recoveryRamp = { steps: 2, stepDuration: 10 };
    const breaker = createBreaker({ clock, recoveryTimeout: 10, recoveryRamp });
    breaker.trip();
    clock.increment(10);
    breaker.callSync(() => 'trial');
    breaker.callSync(() => 'on the ramp');
    clock.increment(20);
    expect(breaker.state).toBe('closed');
  });
});

it('leaves the monotonic clock as it was', () => {
  expect(performance.now).toBe(monotonicNow);
});
