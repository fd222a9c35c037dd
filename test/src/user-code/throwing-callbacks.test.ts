import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { throwing } from '../half-open/ways-out.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { type CallbackName, callbackNames, eventNames, everyCallback, listenToAll } from './all-callbacks.ts';
import { down, expectedPlay, play } from './play.ts';
import { thenable } from './untyped.ts';

const thrown: readonly unknown[] = [new Error('bug'), 'bug', undefined, null, 0, Symbol('bug'), Object.create(null)];
const failings: Readonly<Record<string, (value: unknown) => unknown>> = {
  throws: (value) => throwing(value)(),
  rejects: (value) => Promise.reject(value),
  'returns a thenable that throws': (value) => thenable(throwing(value)),
};
const pairs = callbackNames.flatMap((name) => Object.keys(failings).map((failing) => [name, failing] as const));

describe('a callback that fails', () => {
  it('S-50 is judged by a play that goes as expected where no callback fails', async () => {
    expect(await play(createTimedBreaker({ failureThreshold: 2 }))).toEqual(expectedPlay);
  });

  it.each(pairs)('S-50 changes no result and no state: %s %s', async (failingName, failing) => {
    const bug = new Error('bug');
    const reports: unknown[] = [];
    const called = new Set<CallbackName>();
    const react = (name: CallbackName) => {
      called.add(name);
      return name === failingName ? failings[failing]?.(bug) : undefined;
    };
    const timed = createTimedBreaker({
      ...everyCallback(react),
      failureThreshold: 2,
      onCallbackError: (...args) => reports.push(args),
    });

    const unhandled = await unhandledRejectionsOf(async () => expect(await play(timed)).toEqual(expectedPlay));

    expect(unhandled).toEqual([]);
    expect([...called].sort()).toEqual([...callbackNames].sort());
    expect(reports.length).toBeGreaterThan(0);
    expect(new Set(reports.map((report) => JSON.stringify(report)))).toEqual(
      new Set([JSON.stringify([bug, failingName])]),
    );
    expect(timed.breaker.metrics()).toMatchObject({ calls: 6, successes: 3, failures: 3, rejected: 1, inFlight: 0 });
  });

  it.each(pairs)('S-50 changes nothing either as a listener given to on(): %s %s', async (failingName, failing) => {
    const reports: unknown[] = [];
    const timed = createTimedBreaker({ failureThreshold: 2, onCallbackError: (_, where) => reports.push(where) });
    const heardAfter: CallbackName[] = [];
    timed.breaker.on(eventNames[failingName], () => failings[failing]?.(new Error('bug')));
    listenToAll(timed.breaker, (name) => heardAfter.push(name));

    const unhandled = await unhandledRejectionsOf(async () => expect(await play(timed)).toEqual(expectedPlay));

    expect(unhandled).toEqual([]);
    expect(new Set(heardAfter)).toEqual(new Set(callbackNames));
    expect(new Set(reports)).toEqual(new Set([`a listener of ${eventNames[failingName]}`]));
  });

  it('S-50 may throw anything, and all of it is reported as it is', async () => {
    for (const value of thrown)
      for (const failing of Object.values(failings)) {
        const reports: unknown[] = [];
        const timed = createTimedBreaker({
          ...everyCallback(() => failing(value)),
          failureThreshold: 2,
          onCallbackError: (error) => reports.push(error),
        });
        expect(await play(timed)).toEqual(expectedPlay);
        expect(reports.length).toBeGreaterThan(10);
        for (const report of reports) expect(report).toBe(value);
      }
  });

  it('S-50 never turns a success into a failure: opossum and cockatiel do', async () => {
    const breaker = createBreaker({
      clock: createTestClock(),
      failureThreshold: 1,
      onSuccess: throwing(new Error('bug')),
      onCallbackError: () => {},
    });
    for (let round = 0; round < 20; round++) expect(await breaker.call(() => round)).toBe(round);
    expect(breaker.metrics()).toMatchObject({ state: 'closed', successes: 20, failures: 0 });
  });

  it('S-50 throws nothing out of the commands either', () => {
    const { breaker } = createTimedBreaker({ ...everyCallback(throwing(down)), onCallbackError: throwing(down) });
    breaker.trip();
    breaker.reset();
    breaker.disable();
    breaker.enable();
    breaker.isolate()[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
    expect(breaker.metrics().generation).toBe(6);
  });
});
