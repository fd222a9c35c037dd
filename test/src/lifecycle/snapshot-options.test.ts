import {
  type BreakerInput,
  type BreakerSnapshot,
  CircuitBreaker,
  circuitBreaker,
  createBreaker,
} from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');
const clock = createTestClock();

function stored(breaker: CircuitBreaker): BreakerSnapshot {
  return JSON.parse(JSON.stringify(breaker));
}

/** The options of every way of counting. */
const modes: Readonly<Record<string, BreakerInput>> = {
  'failures in a row': { failureThreshold: 4 },
  'failures in a window': { failureThreshold: 4, failureWindow: 1000 },
  'the rate of the last calls': { failureRateThreshold: 0.5, windowSize: 10, minimumCalls: 4 },
  'the rate over time': { failureRateThreshold: 0.5, failureWindow: 1000, minimumCalls: 4 },
};

const changes = Object.keys(modes).flatMap((from) => Object.keys(modes).map((to) => [from, to] as const));

describe('the name in a snapshot', () => {
  const snapshot = stored(createBreaker({ clock, name: 'model' }));

  it('S-70 is that of the breaker that goes on, unless it is given one', () => {
    expect(createBreaker({ clock, snapshot }).name).toBe('model');
    expect(createBreaker({ clock, snapshot }).actor.id).toBe('model');
    expect(createBreaker({ clock, snapshot, name: 'model' }).metrics().name).toBe('model');
  });

  it.each(['search', 'breaker'])('S-70 is refused where the breaker is named %s', (name) => {
    const refused = expect.objectContaining({ name: 'BreakerOptionsError', option: 'snapshot' });
    expect(() => createBreaker({ clock, snapshot, name })).toThrow(refused);
    expect(() => createBreaker({ clock, snapshot, name })).toThrow(`"model", but this is "${name}"`);
  });
});

describe('a snapshot', () => {
  it.each(changes)('S-70 that has counted %s is for a breaker that counts the same: %s', (from, to) => {
    const snapshot = stored(createBreaker({ clock, ...modes[from] }));
    const make = () => createBreaker({ clock, ...modes[to], snapshot });
    if (from === to) expect(make().state).toBe('closed');
    else expect(make).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option: 'snapshot' }));
  });

  it('S-70 is taken by new CircuitBreaker and circuitBreaker, too', async () => {
    const breaker = createBreaker({ clock });
    breaker.trip();
    const snapshot = stored(breaker);
    expect(new CircuitBreaker({ clock, snapshot }).state).toBe('open');
    const guarded = circuitBreaker({ clock, snapshot })(async () => 'answer');
    expect(guarded.breaker.state).toBe('open');
  });

  it('S-70 goes with the options of the new breaker, not with those of the old one', () => {
    const breaker = createBreaker({ clock, failureThreshold: 5, recoveryTimeout: 1000 });
    for (let call = 0; call < 3; call++) breaker.acquire().fail(down);
    const next = createBreaker({ clock, failureThreshold: 4, recoveryTimeout: 7000, snapshot: stored(breaker) });
    next.acquire().fail(down);
    expect(next.metrics()).toMatchObject({ state: 'open', waitMs: 7000 });
  });

  it('S-70 opens with the next failure where more have been counted than are allowed now', () => {
    for (const failureWindow of [undefined, 100_000]) {
      const breaker = createBreaker({ clock, failureThreshold: 9, failureWindow });
      for (let call = 0; call < 8; call++) breaker.acquire().fail(down);
      const next = createBreaker({ clock, failureThreshold: 2, failureWindow, snapshot: stored(breaker) });
      expect(next.state).toBe('closed');
      next.acquire().fail(down);
      expect(next.state).toBe('open');
    }
  });

  it.each([1, 3, 7, 20, 30, 400])('S-70 of forty calls keeps the latest in a window of %d', (windowSize) => {
    const ends = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 || index > 37 ? 'fail' : 'succeed'));
    const rate = { clock, failureRateThreshold: 1, minimumCalls: 1 };
    const breaker = createBreaker({ ...rate, windowSize: 50, minimumCalls: 50 });
    for (const end of ends) breaker.acquire()[end]();
    const next = createBreaker({ ...rate, windowSize, minimumCalls: windowSize, snapshot: stored(breaker) });
    const outcomes = ends.map((end) => end === 'fail');
    for (let call = 0; call < 45; call++) {
      next.acquire().succeed();
      outcomes.push(false);
      const inWindow = outcomes.slice(-windowSize);
      expect(next.metrics().failureRate).toBeCloseTo(inWindow.filter(Boolean).length / inWindow.length, 12);
    }
  });

  it.each([200, 1000, 5000])('S-70 over time forgets what is outside a window of %d ms', (failureWindow) => {
    const timed = createTestClock();
    const rate = { clock: timed, failureRateThreshold: 1, minimumCalls: 1000 };
    const breaker = createBreaker({ ...rate, failureWindow: 1000 });
    breaker.acquire().fail(down);
    timed.jump(500);
    breaker.acquire().succeed();
    const next = createBreaker({ ...rate, failureWindow, snapshot: stored(breaker) });
    expect(next.metrics().failureRate).toBe(failureWindow < 500 ? 0 : 0.5);
    timed.jump(failureWindow + 1);
    expect(next.metrics().failureRate).toBe(0);
  });

  it.each([200, 1000, 5000])('S-70 of failures forgets those outside a window of %d ms', (failureWindow) => {
    const timed = createTestClock();
    const breaker = createBreaker({ clock: timed, failureThreshold: 3, failureWindow: 1000 });
    breaker.acquire().fail(down);
    timed.jump(500);
    breaker.acquire().fail(down);
    const next = createBreaker({ clock: timed, failureThreshold: 3, failureWindow, snapshot: stored(breaker) });
    next.acquire().fail(down);
    expect(next.state).toBe(failureWindow < 500 ? 'closed' : 'open');
  });
});

describe('the pieces of a long window', () => {
  const rate = { clock, failureRateThreshold: 1, windowSize: 60, minimumCalls: 60 };
  const createLong = () => {
    const breaker = createBreaker(rate);
    for (let call = 0; call < 50; call++) breaker.acquire()[call % 4 === 0 ? 'fail' : 'succeed']();
    return breaker;
  };
  /** Empties every array in a snapshot, as a caller without types can. */
  const spoil = ({ counts }: BreakerSnapshot) => {
    for (const list of [counts.window.older, counts.window.slices, counts.failureTimes]) Reflect.set(list, 'length', 0);
  };
  const share = 13 / 50;

  it('S-70 are copied when they are written down', () => {
    const breaker = createLong();
    expect(breaker.toJSON().counts.window.older.length).toBeGreaterThan(0);
    const text = JSON.stringify(breaker);
    spoil(breaker.toJSON());
    expect(JSON.stringify(breaker)).toBe(text);
  });

  it('S-53 are copied when the breaker goes on from them', () => {
    const snapshot = stored(createLong());
    const next = createBreaker({ ...rate, snapshot });
    const text = JSON.stringify(next);
    spoil(snapshot);
    expect(JSON.stringify(next)).toBe(text);
    expect(next.metrics().failureRate).toBe(share);
    for (let call = 0; call < 60; call++) next.acquire().succeed();
    expect(next.metrics().failureRate).toBe(0);
  });

  it('S-53 may be frozen', () => {
    const snapshot = stored(createLong());
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const inner of Object.values(Object.freeze(value))) freeze(inner);
    };
    freeze(snapshot);
    const [first, second] = [createBreaker({ ...rate, snapshot }), createBreaker({ ...rate, snapshot })];
    first.acquire().fail(down);
    expect([first, second].map((breaker) => breaker.metrics().failureRate)).toEqual([14 / 51, share]);
  });
});

describe('a secret', () => {
  const secret = 'sk-very-secret';

  it.each(['halfOpen', 'open', 'closed'])('S-75 is in no snapshot of a breaker that is %s', (state) => {
    const timed = createTestClock();
    const breaker = createBreaker({ clock: timed, failureThreshold: state === 'closed' ? 9 : 1, recoveryTimeout: 10 });
    const error = Object.assign(new Error(`key ${secret}`), {
      ...{ status: 401, headers: { authorization: secret }, request: { prompt: secret }, cause: new Error(secret) },
    });
    breaker.acquire().fail(error);
    if (state === 'halfOpen') timed.jump(10);
    expect(breaker.toJSON()).toMatchObject({ state, totals: { lastFailure: { name: 'Error', status: 401 } } });
    expect(JSON.stringify(breaker)).not.toContain(secret);
  });
});
