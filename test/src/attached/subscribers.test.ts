import { attachBreaker, type CircuitBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { caught, throwing } from '../half-open/ways-out.ts';
import { createRoot } from './homes.ts';

const down = new Error('down');

/** Subscribes to the actor so that something is done in the middle of its next transition, when it is busy. */
function createBusyHome(act: (facade: CircuitBreaker) => void, input: object = {}) {
  const home = createRoot({ recoveryTimeout, failureThreshold: 1, ...input });
  const facade = attachBreaker(home.actor);
  let isArmed = false;
  home.actor.subscribe(() => {
    if (!isArmed) return;
    isArmed = false;
    act(facade);
  });
  return {
    ...home,
    facade,
    arm: () => {
      isArmed = true;
    },
  };
}

describe('a subscriber of the actor that uses the facade', () => {
  it('S-72 gets no trial more than there are, and wedges none', async () => {
    let runs = 0;
    const attempt = (facade: CircuitBreaker) => {
      for (let round = 0; round < 10; round++) void facade.call(async () => runs++).catch(() => {});
    };
    const { facade, clock, arm } = createBusyHome(attempt, { halfOpenTrials: 2, successThreshold: 9 });
    facade.trip();
    clock.jump(recoveryTimeout);
    arm();
    const trial = facade.tryAcquire();
    await flushMicrotasks();
    expect(runs).toBeLessThanOrEqual(1);
    expect(facade.metrics()).toMatchObject({ state: 'halfOpen', trials: trial ? 1 : 0, inFlight: trial ? 1 : 0 });
    trial?.cancel();
    expect([facade.tryAcquire(), facade.tryAcquire(), facade.tryAcquire()].map(Boolean)).toEqual([true, true, false]);
  });

  it('S-72 ends a call there that is accounted for what it is, and the circuit learns of it', async () => {
    const heard: unknown[] = [];
    const fail = (facade: CircuitBreaker) => void caught(() => facade.callSync(throwing(down)));
    const { facade, arm } = createBusyHome(fail, { failureThreshold: 2 });
    facade.on('failure', (error) => heard.push(error));
    arm();
    await facade.call(() => Promise.reject(down)).catch(() => {});
    await flushMicrotasks();
    expect(facade.metrics()).toMatchObject({ state: 'open', failures: 2, ignored: 0, inFlight: 0 });
    expect(heard).toEqual([down, down]);
  });

  it('S-72 gives commands that have taken effect when the transition is over', async () => {
    const { facade, arm } = createBusyHome((busy) => busy.isolate());
    arm();
    await facade.call(() => 'well');
    facade.trip();
    expect(facade.state).toBe('isolated');
    facade.reset();
    expect(await facade.call(() => 'well')).toBe('well');
  });

  it('S-60 gets a handle that frees its own hold and no other', async () => {
    const handles: Disposable[] = [];
    const { facade, arm } = createBusyHome((busy) => handles.push(busy.isolate()));
    arm();
    await facade.call(() => 'well');
    expect(facade.state).toBe('isolated');
    handles[0]?.[Symbol.dispose]();
    expect(facade.state).toBe('closed');

    arm();
    await facade.call(() => 'well');
    facade.reset();
    const hold = facade.isolate();
    handles[1]?.[Symbol.dispose]();
    expect(facade.state).toBe('isolated');
    hold[Symbol.dispose]();
    expect(facade.state).toBe('closed');
  });

  it('S-60 gets a handle that lets go also in the same turn', () => {
    const handles: Disposable[] = [];
    const { facade, arm } = createBusyHome((busy) => handles.push(busy.isolate()));
    arm();
    facade.trip();
    expect(facade.state).toBe('isolated');
    handles[0]?.[Symbol.dispose]();
    expect(facade.state).toBe('closed');
  });

  it('S-60 gets a handle that frees no isolation of the same turn which came after its own had ended', async () => {
    const handles: Disposable[] = [];
    const { facade, arm } = createBusyHome((busy) => handles.push(busy.isolate()));
    arm();
    facade.trip();
    facade.reset();
    const hold = facade.isolate();
    await flushMicrotasks();
    handles[0]?.[Symbol.dispose]();
    expect(facade.state).toBe('isolated');
    hold[Symbol.dispose]();
    expect(facade.state).toBe('closed');
  });
});
