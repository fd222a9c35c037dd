import { attachBreaker, type BreakerInput, createBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { silentFleet } from '../../machines/running-breaker.ts';
import { runs } from '../../support/runs.ts';
import { createTestClock } from '../../support/test-clock.ts';

const numbers = fc.constantFrom(
  ...[0, -1, 1, 0.5, 3, 2 ** 31, 2 ** 48, 2 ** 52, 2 ** 53 - 1, 2 ** 53, 1e300, -1e300],
  ...[Number.NaN, Number.POSITIVE_INFINITY, undefined, null, '5', {}],
);

const types = fc.constantFrom(
  ...['call.succeeded', 'call.failed', 'call.failed', 'call.ignored', 'trial.started', 'trial.expired'],
  ...['recovery.elapsed', 'breaker.trip', 'breaker.isolate', 'breaker.release', 'breaker.reset', 'breaker.enable'],
  ...['fleet.connected', 'fleet.opened', 'fleet.opened', 'fleet.closed', 'fleet.isolated', 'fleet.leaseGranted'],
);

/** Events whose fields are of any size and kind. */
const events = fc.array(
  fc.record({
    type: types,
    at: fc.option(numbers, { nil: undefined, freq: 2 }),
    ...{ count: numbers, openFor: numbers, reopenings: numbers, others: numbers, token: numbers, leaseFor: numbers },
    ...{ duration: numbers, trial: numbers, openNow: fc.boolean(), order: numbers },
  }),
  { maxLength: 30 },
);

const modes: Readonly<Record<string, BreakerInput>> = {
  'failures in a row': { failureThreshold: 2_000_000_000 },
  'failures in a window': { failureThreshold: 40, failureWindow: 1_000 },
  'a rate of calls': { failureRateThreshold: 1, minimumCalls: 500, windowSize: 1_000 },
  'a rate over time': {
    failureRateThreshold: 1,
    minimumCalls: 1_000_000_000,
    failureWindow: 1_000,
    slowCallThreshold: 2,
  },
};

describe.each(Object.entries(modes))('whatever is sent to a breaker that counts %s', (_title, options) => {
  it('S-79 leaves a snapshot that another one goes on from', () => {
    const machine = circuitBreakerMachine.provide(silentFleet);
    fc.assert(
      fc.property(events, (sent) => {
        const clock = createTestClock();
        const actor = createActor(machine, { input: options, clock }).start();
        for (const event of sent) Reflect.apply(actor.send, actor, [event]);
        const snapshot = JSON.parse(JSON.stringify(attachBreaker(actor)));
        const next = createBreaker({ ...options, clock: createTestClock(), snapshot });
        expect(next.metrics()).toMatchObject({ generation: expect.any(Number) });
        next.stop();
      }),
      { numRuns: runs(500) },
    );
  });

  it('S-79 counts no further than to a number that one can be added to', () => {
    const actor = createActor(circuitBreakerMachine, { input: options, clock: createTestClock() }).start();
    for (let n = 0; n < 5; n++) {
      actor.send({ type: 'call.succeeded', count: Number.MAX_SAFE_INTEGER });
      actor.send({ type: 'call.failed', count: 10, duration: 5 });
    }
    const { window, consecutiveFailures } = actor.getSnapshot().context;
    expect([window.calls, window.failures, consecutiveFailures].every((count) => count <= 2 ** 48)).toBe(true);
    const snapshot = JSON.parse(JSON.stringify(attachBreaker(actor)));
    expect(createBreaker({ ...options, snapshot, clock: createTestClock() }).state).toBe(attachBreaker(actor).state);
  });
});

describe('a snapshot with the highest numbers there are', () => {
  it('S-79 leads to one that another breaker goes on from', () => {
    const clock = createTestClock();
    const options = { clock, failureThreshold: 1, recoveryTimeout: 1_000 };
    const most = 2 ** 48;
    const breaker = createBreaker(options);
    breaker.trip();
    const snapshot = { ...breaker.toJSON(), generation: most, reopenings: most };
    const next = createBreaker({ ...options, snapshot });
    clock.jump(1_000);
    next.acquire().fail();
    const later = next.toJSON();
    expect(later).toMatchObject({ state: 'open', generation: most, reopenings: most });
    expect(createBreaker({ ...options, snapshot: later }).state).toBe('open');
  });
});
