import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { caught, throwing } from '../half-open/ways-out.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { down, expectedPlay, play } from './play.ts';
import { untyped } from './untyped.ts';

const bug = new Error('bug');
const rejecting = () => Promise.reject(bug);

describe('a predicate that fails', () => {
  it('S-50 counts the error and changes nothing else', async () => {
    const reports: unknown[] = [];
    const timed = createTimedBreaker({
      failureThreshold: 2,
      failurePredicate: throwing(bug),
      onCallbackError: (...args) => reports.push(args),
    });
    expect(await play(timed)).toEqual(expectedPlay);
    expect(reports).toEqual(Array.from({ length: 3 }, () => [bug, 'failurePredicate']));
  });

  it.each(['held back', 'sent at once'])(
    'S-50 counts the error where it rejects instead: outcomes %s',
    async (mode) => {
      const reports: unknown[] = [];
      const timed = createTimedBreaker({
        failureThreshold: 2,
        failurePredicate: untyped(rejecting),
        onCallbackError: (error) => reports.push(error),
      });
      if (mode === 'sent at once') timed.breaker.actor.getSnapshot();
      const unhandled = await unhandledRejectionsOf(async () => expect(await play(timed)).toEqual(expectedPlay));
      expect(unhandled).toEqual([]);
      expect(reports).toEqual([bug, bug, bug]);
    },
  );
});

describe('a judgement that throws when it is read', () => {
  const judgement = {
    get counts(): boolean {
      throw bug;
    },
  };

  it('S-50 counts the error, which reaches its caller, where classifyError gave it', async () => {
    const reports: unknown[] = [];
    const { breaker } = createTimedBreaker({
      classifyError: () => judgement,
      onCallbackError: (...args) => reports.push(args),
    });
    expect(caught(() => breaker.callSync(throwing(down)))).toBe(down);
    expect(breaker.metrics()).toMatchObject({ failures: 1, inFlight: 0 });
    expect(reports).toEqual([[bug, 'classifyError']]);
  });

  it('S-50 counts the result as a success, and the caller gets it, where failureResult gave it', async () => {
    const reports: unknown[] = [];
    const { breaker } = createTimedBreaker({
      failureResult: () => judgement,
      onCallbackError: (...args) => reports.push(args),
    });
    expect(await breaker.call(() => 'well')).toBe('well');
    expect(breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });
    expect(reports).toEqual([[bug, 'failureResult']]);
  });

  it('S-79 leaves a snapshot that can be gone on from where its kind is no text', () => {
    const { breaker, clock } = createTimedBreaker({ classifyError: () => untyped({ counts: true, kind: 429 }) });
    caught(() => breaker.callSync(throwing(down)));
    const snapshot = JSON.parse(JSON.stringify(breaker));
    expect(createBreaker({ clock, snapshot }).metrics().lastFailure).toMatchObject({ kind: null });
  });
});

describe('a failureResult that fails', () => {
  it('S-50 counts the result as a success, and the caller gets it', async () => {
    const reports: unknown[] = [];
    const timed = createTimedBreaker({
      failureThreshold: 2,
      failureResult: throwing(bug),
      onCallbackError: (...args) => reports.push(args),
    });
    expect(await play(timed)).toEqual(expectedPlay);
    expect(reports).toEqual(Array.from({ length: 3 }, () => [bug, 'failureResult']));
  });

  it('S-50 counts the result as a success where it rejects instead', async () => {
    const reports: unknown[] = [];
    const timed = createTimedBreaker({
      failureThreshold: 2,
      failureResult: untyped(rejecting),
      onCallbackError: (error) => reports.push(error),
    });
    const unhandled = await unhandledRejectionsOf(async () => expect(await play(timed)).toEqual(expectedPlay));
    expect(unhandled).toEqual([]);
    expect(reports).toEqual([bug, bug, bug]);
  });
});

describe('a fallback that fails', () => {
  it.each([
    ['throws', throwing(bug)],
    ['rejects', rejecting],
  ])('S-50 changes neither state nor counts: its error is what the caller gets when it %s', async (_how, fallback) => {
    const { breaker } = createTimedBreaker({ fallback });
    breaker.trip();
    const unhandled = await unhandledRejectionsOf(async () => {
      expect(await reasonOf(breaker.call(() => 'never'))).toBe(bug);
      expect(await reasonOf(breaker.run(() => 'never'))).toBe(bug);
      expect(await reasonOf(breaker.wrap(() => 'never')())).toBe(bug);
    });
    expect(unhandled).toEqual([]);
    expect(breaker.metrics()).toMatchObject({ state: 'open', calls: 0, failures: 0, rejected: 3 });
    breaker.reset();
    expect(await breaker.call(() => 'well')).toBe('well');
  });

  it('S-50 works on after a fallback of callSync threw: the next rejection falls back again', () => {
    let calls = 0;
    const { breaker } = createTimedBreaker({
      fallback: () => {
        calls++;
        throw bug;
      },
    });
    breaker.trip();
    for (let round = 1; round <= 3; round++) {
      expect(caught(() => breaker.callSync(() => 'never'))).toBe(bug);
      expect(calls).toBe(round);
    }
  });
});

describe('an error that is hostile itself', () => {
  it('S-50 is passed on and counted: getters that throw, proxies, revoked ones', async () => {
    const revocable = Proxy.revocable({}, {});
    revocable.revoke();
    const hostile: readonly unknown[] = [
      Object.defineProperty(new Error('x'), 'name', { get: throwing(bug) }),
      Object.defineProperty({}, 'then', { get: throwing(bug) }),
      new Proxy({}, { get: throwing(bug), has: throwing(bug), getPrototypeOf: throwing(bug) }),
      revocable.proxy,
    ];
    for (const error of hostile)
      for (const isRead of [false, true]) {
        const onFailure: unknown[] = [];
        const breaker = createBreaker({
          ...{ clock: createTestClock(), failureThreshold: 1, excludedErrors: [TypeError] },
          ...{ onFailure: (failure) => void onFailure.push(failure), onCallbackError: () => {} },
        });
        if (isRead) breaker.actor.getSnapshot();
        expect(await isReasonOf(breaker.call(throwing(error)), error)).toBe(true);
        expect(breaker.metrics()).toMatchObject({ state: 'open', failures: 1 });
        expect(onFailure).toHaveLength(1);
        expect(onFailure[0] === error).toBe(true);
      }
  });

  it('S-50 does not harm the caller of the next call', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 2 });
    const error = new Proxy(down, { get: throwing(bug) });
    expect(await isReasonOf(breaker.call(throwing(error)), error)).toBe(true);
    expect(await breaker.call(() => 'well')).toBe('well');
  });
});

/** Compares inside: a hostile error must not be returned from an async function, which would look for its `then`. */
function isReasonOf(promise: Promise<unknown>, error: unknown): Promise<boolean> {
  return promise.then(
    () => false,
    (reason: unknown) => reason === error,
  );
}
