import { createBreaker, type OpenedEmit } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';

const down = new Error('down');

/** Opened by the rate of failures: two of four calls, of which one was slow. */
function createOpened(watched: boolean) {
  const openings: OpenedEmit[] = [];
  const inOnOpen: unknown[] = [];
  const { breaker, clock } = createTimedBreaker({
    ...{ failureRateThreshold: 0.5, windowSize: 10, minimumCalls: 4, slowCallThreshold: 100 },
    ...(watched && { inspect: () => {} }),
    onOpen: (event) => {
      openings.push(event);
      const { failureRate, slowRate, consecutiveFailures } = breaker.metrics();
      inOnOpen.push({ failureRate, slowRate, consecutiveFailures });
    },
  });
  for (const wait of [0, 101, 0]) {
    const permit = breaker.acquire();
    clock.jump(wait);
    permit.succeed();
  }
  breaker.acquire().fail(down);
  return { breaker, clock, openings, inOnOpen };
}

const rates = { failureRate: 0.5, slowRate: 0.25, consecutiveFailures: 1 };

describe.each([false, true])('what opened a circuit (outcomes sent at once: %s)', (watched) => {
  it('S-78 is told with the opening, and read inside onOpen', () => {
    const { openings, inOnOpen } = createOpened(watched);
    expect(openings).toMatchObject([
      {
        by: 'failures',
        counts: { calls: 4, failures: 2, slow: 1, ...rates },
        threshold: { option: 'failureRateThreshold', value: 0.5 },
      },
    ]);
    expect(inOnOpen).toEqual([rates]);
  });

  it('S-78 stays readable, half-open and re-opened included, until the circuit closes', () => {
    const { breaker, clock, openings } = createOpened(watched);
    expect(breaker.metrics()).toMatchObject({ state: 'open', ...rates });
    clock.jump(recoveryTimeout);
    expect(breaker.metrics()).toMatchObject({ state: 'halfOpen', ...rates });
    breaker.acquire().fail(down);
    expect(breaker.metrics()).toMatchObject({ state: 'open', ...rates });
    expect(openings[1]).toMatchObject({
      ...{ by: 'trial', counts: rates, threshold: { option: 'trialFailureThreshold', value: 1 } },
    });
    clock.jump(recoveryTimeout);
    breaker.acquire().succeed();
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failureRate: 0, slowRate: 0, consecutiveFailures: 0 });
  });

  it.each(['isolate', 'disable', 'reset'] as const)('S-78 is gone after %s()', (order) => {
    const { breaker } = createOpened(watched);
    breaker[order]();
    expect(breaker.metrics()).toMatchObject({ failureRate: 0, slowRate: 0, consecutiveFailures: 0 });
  });

  it('S-78 is what the window held where it was tripped by hand', () => {
    const { breaker } = createTimedBreaker({ ...(watched && { inspect: () => {} }) });
    const openings: OpenedEmit[] = [];
    breaker.on('open', (event) => openings.push(event));
    breaker.acquire().succeed();
    breaker.acquire().fail(down);
    breaker.trip();
    expect(breaker.metrics()).toMatchObject({ failureRate: 0.5, consecutiveFailures: 1 });
    expect(openings).toMatchObject([{ by: 'trip', counts: { calls: 2, failures: 1 }, threshold: null }]);
  });

  it('S-70 S-78 is in the snapshot, and in the breaker that goes on from it', () => {
    const { breaker, clock } = createOpened(watched);
    const snapshot = JSON.parse(JSON.stringify(breaker));
    const options = { failureRateThreshold: 0.5, windowSize: 10, minimumCalls: 4, slowCallThreshold: 100 };
    const next = createBreaker({ ...options, clock, recoveryTimeout, snapshot });
    expect(next.metrics()).toMatchObject({ state: 'open', ...rates });
    clock.jump(recoveryTimeout);
    expect(next.metrics()).toMatchObject({ state: 'halfOpen', ...rates });
    expect(JSON.parse(JSON.stringify(next))).toMatchObject({ opening: { calls: 4, failures: 2, slow: 1, ...rates } });
  });

  it('S-70 S-78 is nothing in a snapshot of an earlier version', () => {
    const { breaker, clock } = createOpened(watched);
    const { opening: _opening, ...snapshot } = JSON.parse(JSON.stringify(breaker));
    const options = { failureRateThreshold: 0.5, windowSize: 10, minimumCalls: 4, slowCallThreshold: 100 };
    const next = createBreaker({ ...options, clock, snapshot });
    expect(next.metrics()).toMatchObject({ state: 'open', failureRate: 0 });
  });
});

describe('what opened a circuit at the opening of a fleet', () => {
  it('S-73 S-78 is what was counted here, also what is held back', async () => {
    const { createInFleet } = await import('../fleet/fleet-facade.ts');
    for (const watched of [false, true]) {
      const openings: OpenedEmit[] = [];
      const facade = createInFleet({ failureThreshold: 9, ...(watched && { inspect: () => {} }) });
      facade.breaker.on('open', (event) => openings.push(event));
      facade.breaker.acquire().succeed();
      facade.breaker.acquire().fail(down);
      facade.member.send({ type: 'fleet.opened' });
      await Promise.resolve();
      const counts = { calls: 2, failures: 1, failureRate: 0.5, consecutiveFailures: 1 };
      expect(openings).toMatchObject([{ by: 'fleet', counts, threshold: null }]);
      expect(facade.breaker.metrics()).toMatchObject({ state: 'open', failureRate: 0.5, consecutiveFailures: 1 });
      expect(facade.breaker.actor.getSnapshot().context.outage.counts).toMatchObject(counts);
    }
  });
});

describe('a clock that jumps', () => {
  it('S-78 S-11 freezes only what is inside the window by then', () => {
    const clock = createTestClock();
    const openings: OpenedEmit[] = [];
    const breaker = createBreaker({
      ...{ clock, failureRateThreshold: 1, minimumCalls: 9, failureWindow: 1_000 },
      onOpen: (event) => openings.push(event),
    });
    breaker.acquire().fail(down);
    clock.jump(1_001);
    breaker.acquire().succeed();
    breaker.trip();
    expect(openings).toMatchObject([{ counts: { calls: 1, failures: 0, failureRate: 0 } }]);
  });
});
