import { type BreakerOptions, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createDueBreaker, createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { caught, throwing } from '../half-open/ways-out.ts';

class Excluded extends Error {}

const ways = ['call, rejected', 'call, thrown', 'callSync', 'run', 'permit'] as const;

/** Ends one call with an error and returns what its caller got. */
function failWith(options: BreakerOptions, error: unknown, way: (typeof ways)[number]) {
  const { breaker } = createTimedBreaker(options);
  const outcome = {
    'call, rejected': () => reasonOf(breaker.call(() => Promise.reject(error))),
    'call, thrown': () => reasonOf(breaker.call(throwing(error))),
    callSync: () => caught(() => breaker.callSync(throwing(error))),
    run: () => reasonOf(breaker.run(throwing(error))),
    permit: () => {
      breaker.acquire().fail(error);
      return error;
    },
  }[way];
  return { breaker, reason: outcome() };
}

describe('the order of judgement', () => {
  it.each(ways)('S-40 excludes before the predicate is asked: %s', async (way) => {
    const asked: unknown[] = [];
    const failurePredicate = (error: unknown) => asked.push(error) > 0;
    const error = new Excluded('bad request');
    const { breaker, reason } = failWith({ excludedErrors: [Excluded], failurePredicate }, error, way);

    expect(await reason).toBe(error);
    expect(asked).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ failures: 0, ignored: 1, consecutiveFailures: 0 });
  });

  it.each(ways)('S-40 asks the predicate, once, about an error that is not excluded: %s', async (way) => {
    for (const counts of [true, false]) {
      const asked: unknown[] = [];
      const failurePredicate = (error: unknown) => {
        asked.push(error);
        return counts;
      };
      const error = new Error('down');
      const { breaker, reason } = failWith({ excludedErrors: [Excluded], failurePredicate }, error, way);

      expect(await reason).toBe(error);
      expect(asked).toEqual([error]);
      expect(breaker.metrics()).toMatchObject({ failures: counts ? 1 : 0, ignored: counts ? 0 : 1 });
    }
  });

  it.each(ways)('S-40 takes every error for a failure where nothing is said: %s', async (way) => {
    const { breaker, reason } = failWith({ failureThreshold: 1 }, undefined, way);
    expect(await reason).toBeUndefined();
    expect(breaker.state).toBe('open');
  });

  it('S-40 is the same once the actor has been read, so that the chart judges', async () => {
    const asked: unknown[] = [];
    const { breaker } = createTimedBreaker({
      failureThreshold: 2,
      excludedErrors: [Excluded],
      failurePredicate: (error) => {
        asked.push(error);
        return !(error instanceof RangeError);
      },
    });
    const { actor } = breaker;
    const [mine, theirs] = [new RangeError('mine'), new Error('theirs')];
    for (const error of [new Excluded(), mine, theirs])
      expect(await reasonOf(breaker.call(throwing(error)))).toBe(error);

    expect(asked).toEqual([mine, theirs]);
    expect(breaker.metrics()).toMatchObject({ failures: 1, ignored: 2, consecutiveFailures: 1 });
    expect(actor.getSnapshot().context.consecutiveFailures).toBe(1);
  });
});

describe('an excluded error', () => {
  it.each(['held back', 'sent at once'])('S-40 is heard by no listener, and no fallback: outcomes %s', async (mode) => {
    const heard: string[] = [];
    const hear = (what: string) => () => heard.push(what);
    const { breaker } = createTimedBreaker({
      ...{ failureThreshold: 1, excludedErrors: [Excluded] },
      ...{ onFailure: hear('failure'), onSuccess: hear('success'), onReject: hear('reject') },
      ...{ onStateChange: hear('stateChange'), fallback: hear('fallback') },
    });
    if (mode === 'sent at once') breaker.actor.getSnapshot();
    const error = new Excluded();
    expect(await reasonOf(breaker.call(throwing(error)))).toBe(error);
    expect(await reasonOf(breaker.run(() => Promise.reject(error)))).toBe(error);
    expect(heard).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ calls: 2, ignored: 2, lastFailure: null });
  });

  it('S-40 neither breaks nor lengthens a run of failures', async () => {
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 3, excludedErrors: [Excluded] });
    const fail = (error: unknown) => reasonOf(breaker.call(throwing(error)));
    await fail(new Error('1'));
    await fail(new Excluded());
    await fail(new Error('2'));
    await fail(new Excluded());
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
    await fail(new Error('3'));
    expect(breaker.state).toBe('open');
  });

  it('S-40 stays excluded when its result comes late', async () => {
    const heard: unknown[] = [];
    const { breaker } = createTimedBreaker({ excludedErrors: [Excluded], onFailure: (error) => heard.push(error) });
    for (const mode of ['held back', 'sent at once']) {
      if (mode === 'sent at once') breaker.actor.getSnapshot();
      const permit = breaker.acquire();
      breaker.reset();
      permit.fail(new Excluded());
    }
    expect(heard).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ failures: 0, ignored: 2 });
  });
});

describe('a predicate that throws', () => {
  it.each(ways)('S-41 leaves the caller its own error, counts the failure and is reported: %s', async (way) => {
    const reports: unknown[] = [];
    const bug = new TypeError('in the predicate');
    const error = new Error('down');
    const { breaker, reason } = failWith(
      {
        failureThreshold: 1,
        failurePredicate: throwing(bug),
        onCallbackError: (thrown, where) => reports.push([thrown, where]),
      },
      error,
      way,
    );
    expect(await reason).toBe(error);
    expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1, ignored: 0 });
    expect(reports).toEqual([[bug, 'failurePredicate']]);
  });

  it('S-41 does so for a trial, and once the actor has been read', async () => {
    for (const isRead of [false, true]) {
      const reports: unknown[] = [];
      const { breaker } = createDueBreaker({
        failurePredicate: throwing('bug'),
        onCallbackError: (thrown) => reports.push(thrown),
      });
      if (isRead) breaker.actor.getSnapshot();
      const error = new Error('down');
      expect(await reasonOf(breaker.call(throwing(error)))).toBe(error);
      expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1 });
      expect(reports).toEqual(['bug']);
    }
  });
});
