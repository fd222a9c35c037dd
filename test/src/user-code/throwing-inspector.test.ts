import type { BreakerOptions } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { throwing } from '../half-open/ways-out.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { expectedPlay, play } from './play.ts';
import { untyped } from './untyped.ts';

const bug = new Error('bug');
const inspectors: Readonly<Record<string, NonNullable<BreakerOptions['inspect']>>> = {
  'a function that throws': throwing(bug),
  'a function that rejects': untyped(() => Promise.reject(bug)),
  'an observer that throws': { next: throwing(bug) },
  'an observer that rejects': untyped({ next: () => Promise.reject(bug) }),
};

describe('an inspector that fails', () => {
  it.each(Object.entries(inspectors))('S-50 changes no result and no state: %s', async (_name, inspect) => {
    const reports: unknown[] = [];
    const onCallbackError = (...args: unknown[]) => reports.push(args);
    const unhandled = await unhandledRejectionsOf(async () => {
      const timed = createTimedBreaker({ failureThreshold: 2, inspect, onCallbackError });
      expect(await play(timed)).toEqual(expectedPlay);
      expect(timed.breaker.metrics()).toMatchObject({ calls: 6, successes: 3, failures: 3, rejected: 1 });
      timed.breaker.stop();
      expect(timed.breaker.state).toBe('stopped');
    });
    expect(unhandled).toEqual([]);
    expect(reports.length).toBeGreaterThan(20);
    for (const report of reports) expect(report).toEqual([bug, 'inspect']);
  });

  it('S-50 is not needed: an observer without next is fine', async () => {
    const timed = createTimedBreaker({ failureThreshold: 2, inspect: {} });
    expect(await play(timed)).toEqual(expectedPlay);
  });

  it('S-50 goes for a subscriber of the actor as far as XState lets it: state and results stay', async () => {
    const { breaker } = createTimedBreaker({ failureThreshold: 2 });
    let changes = 0;
    breaker.actor.subscribe(() => {
      changes++;
    });
    await breaker.call(() => 'well');
    breaker.trip();
    expect(changes).toBeGreaterThan(0);
    expect(breaker.state).toBe('open');
  });
});
