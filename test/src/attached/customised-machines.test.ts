import { attachBreaker } from 'agent-circuit-breaker';
import { circuitBreakerMachine, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { not } from 'xstate';
import { reasonOf } from '../../support/calls.ts';
import { recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { createRoot } from './homes.ts';

class Neutral extends Error {}
const down = new Error('down');

function isNeutral(event: object): boolean {
  return 'error' in event && event.error instanceof Neutral;
}

const customised = {
  'countsAsFailure provided': circuitBreakerMachine.provide({
    guards: { countsAsFailure: ({ event }) => !isNeutral(event) },
  }),
  'excludedErrors of createBreakerMachine': createBreakerMachine({ excludedErrors: [Neutral] }),
  'failurePredicate of createBreakerMachine': createBreakerMachine({
    failurePredicate: (error) => !(error instanceof Neutral),
  }),
};

describe.each(Object.entries(customised))('a facade over a machine with %s', (_title, machine) => {
  it('S-72 obeys it while closed, and its counts agree', async () => {
    const heard: unknown[] = [];
    const { actor } = createRoot({ failureThreshold: 2 }, machine);
    const facade = attachBreaker(actor, { onFailure: (error) => heard.push(error) });
    for (let round = 0; round < 5; round++) await reasonOf(facade.call(() => Promise.reject(new Neutral())));
    expect(facade.metrics()).toMatchObject({ state: 'closed', ignored: 5, failures: 0, consecutiveFailures: 0 });
    await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.metrics()).toMatchObject({ ignored: 5, failures: 1, consecutiveFailures: 1 });
    await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.state).toBe('open');
    expect(heard).toEqual([down, down]);
  });

  it('S-72 obeys it for trials', async () => {
    const { actor, clock } = createRoot({ recoveryTimeout, halfOpenTrials: 2 }, machine);
    const facade = attachBreaker(actor);
    facade.trip();
    clock.jump(recoveryTimeout);
    facade.acquire();
    await reasonOf(facade.call(() => Promise.reject(new Neutral())));
    expect(facade.metrics()).toMatchObject({ state: 'halfOpen', trials: 1, ignored: 1, failures: 0 });
    await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.metrics()).toMatchObject({ state: 'open', ignored: 1, failures: 1 });
  });

  it('S-40 hears of no failure where an error that does not count comes late', async () => {
    const heard: unknown[] = [];
    const { actor, clock } = createRoot({ recoveryTimeout, trialTimeout: 10 }, machine);
    const facade = attachBreaker(actor, { onFailure: (error) => heard.push(error) });
    const late = facade.acquire();
    facade.trip();
    late.fail(new Neutral());
    clock.jump(recoveryTimeout);
    const trial = facade.acquire();
    clock.jump(10);
    trial.fail(new Neutral());
    expect(heard).toEqual([]);
    expect(facade.metrics()).toMatchObject({ ignored: 2, failures: 0, inFlight: 0 });
  });
});

describe('a facade over a machine with other guards', () => {
  it('S-41 counts a late failure, and reports nothing, where only XState can ask countsAsFailure', () => {
    const reports: unknown[] = [];
    const machine = circuitBreakerMachine.provide({
      guards: { countsAsFailure: not(({ event }) => isNeutral(event)) },
    });
    const facade = attachBreaker(createRoot({}, machine).actor, { onCallbackError: (...args) => reports.push(args) });
    const late = facade.acquire();
    facade.trip();
    late.fail(down);
    expect(facade.metrics()).toMatchObject({ failures: 1, ignored: 0 });
    expect(reports).toEqual([]);
  });

  it('S-72 obeys a thresholdReached that opens at once', async () => {
    const machine = circuitBreakerMachine.provide({ guards: { thresholdReached: () => true } });
    const facade = attachBreaker(createRoot({ failureThreshold: 100 }, machine).actor);
    await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.metrics()).toMatchObject({ state: 'open', failures: 1, ignored: 0 });
  });

  it('S-72 obeys a thresholdReached that never opens', async () => {
    const machine = circuitBreakerMachine.provide({ guards: { thresholdReached: () => false } });
    const facade = attachBreaker(createRoot({ failureThreshold: 1 }, machine).actor);
    for (let round = 0; round < 50; round++) await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.metrics()).toMatchObject({ state: 'closed', failures: 50, consecutiveFailures: 50 });
  });

  it('S-72 obeys a thresholdReached that judges the error', async () => {
    const isFatal = (event: object) => 'error' in event && event.error instanceof RangeError;
    const machine = circuitBreakerMachine.provide({ guards: { thresholdReached: ({ event }) => isFatal(event) } });
    const facade = attachBreaker(createRoot({}, machine).actor);
    for (let round = 0; round < 10; round++) await reasonOf(facade.call(() => Promise.reject(down)));
    expect(facade.state).toBe('closed');
    await reasonOf(facade.call(() => Promise.reject(new RangeError('fatal'))));
    expect(facade.state).toBe('open');
  });

  it('S-72 obeys a slotsTaken and a successThresholdReached of one’s own', () => {
    const machine = circuitBreakerMachine.provide({
      guards: { slotsTaken: ({ context }) => context.trials.length >= 2, successThresholdReached: () => false },
    });
    const { actor, clock } = createRoot({ recoveryTimeout }, machine);
    const facade = attachBreaker(actor);
    facade.trip();
    clock.jump(recoveryTimeout);
    const permits = [facade.tryAcquire(), facade.tryAcquire(), facade.tryAcquire()];
    expect(permits.map((permit) => permit !== undefined)).toEqual([true, true, false]);
    permits[0]?.succeed();
    permits[1]?.succeed();
    expect(facade.metrics()).toMatchObject({ state: 'halfOpen', trials: 0, successes: 2 });
  });
});
