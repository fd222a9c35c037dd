import { systemClock } from 'agent-circuit-breaker';
import { type BreakerEvent, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { presentOf, systemNow } from '../../machines/actor-clock.ts';
import { createTestClock } from '../support/test-clock.ts';
import { leafOf } from './running-breaker.ts';

interface Bench {
  readonly clock: { setTimeout(callback: () => void, ms: number): unknown; clearTimeout(id: unknown): void };
  /** Moves time and lets timers fire. */
  readonly advance: (ms: number) => void;
  readonly now: () => number;
}

/** An XState clock in its plainest form: it sets timers, and cannot tell the time. */
function plainClock(): Bench {
  const { setTimeout, clearTimeout, advance, now } = createTestClock(performance.now());
  vi.spyOn(performance, 'now').mockImplementation(now);
  return { clock: { setTimeout, clearTimeout }, advance, now: () => performance.timeOrigin + now() };
}

function simulatedClock(): Bench {
  const clock = new SimulatedClock();
  return { clock, advance: (ms) => clock.increment(ms), now: () => clock.now() };
}

function testClock(): Bench {
  const clock = createTestClock();
  return { clock, advance: clock.advance, now: clock.now };
}

afterEach(() => {
  vi.restoreAllMocks();
});

const benches = {
  'the test clock': testClock,
  "XState's SimulatedClock": simulatedClock,
  'a clock without now()': plainClock,
};

describe.each(Object.entries(benches))('on %s, undated events', (_name, createBench) => {
  const start = () => {
    const { clock, advance, now } = createBench();
    const input = { failureThreshold: 2, failureWindow: 100, recoveryTimeout: 1000, trialTimeout: 50 };
    const actor = createActor(circuitBreakerMachine, { clock, input }).start();
    const send = (...types: readonly BreakerEvent['type'][]) => {
      for (const type of types) actor.send({ type });
    };
    return { send, advance, now, leaf: () => leafOf(actor.getSnapshot()), context: () => actor.getSnapshot().context };
  };

  it('S-20 are dated by the actor: the wait begins with the failure and ends exactly recoveryTimeout later', () => {
    const { send, advance, now, leaf, context } = start();
    advance(7);
    const openedAt = now();
    send('call.failed', 'call.failed');
    expect(leaf()).toBe('open');
    expect(context()).toMatchObject({ since: openedAt, recoverAt: openedAt + 1000 });
    advance(999);
    send('recovery.elapsed');
    expect(leaf()).toBe('open');
    advance(1);
    expect(leaf()).toBe('halfOpen.free');
    expect(context().since).toBe(openedAt + 1000);
  });

  it('S-11 are dated by the actor: a failure is as old as the clock says', () => {
    const { send, advance, leaf } = start();
    send('call.failed');
    advance(101);
    send('call.failed');
    expect(leaf()).toBe('closed');
    advance(100);
    send('call.failed');
    expect(leaf()).toBe('open');
  });

  it('S-32 are dated by the actor: a lease runs out exactly trialTimeout after it began', () => {
    const { send, advance, leaf, now, context } = start();
    send('breaker.trip');
    advance(1000);
    send('trial.started');
    expect(context().trials).toEqual([{ id: 1, expiresAt: now() + 50 }]);
    advance(49);
    send('trial.expired');
    expect(leaf()).toBe('halfOpen.full');
    advance(1);
    expect(leaf()).toBe('halfOpen.free');
  });
});

describe('a clock whose timers never fire', () => {
  it('S-21 is no hindrance: an undated event that finds the time passed is enough', () => {
    const { now, jump } = createTestClock();
    const frozen = { now, setTimeout: () => 0, clearTimeout: () => {} };
    const input = { recoveryTimeout: 1000, trialTimeout: 50 };
    const actor = createActor(circuitBreakerMachine, { clock: frozen, input }).start();
    const leafAfter = (ms: number, type: BreakerEvent['type']) => {
      jump(ms);
      actor.send({ type });
      return leafOf(actor.getSnapshot());
    };
    expect(leafAfter(0, 'breaker.trip')).toBe('open');
    expect(leafAfter(999, 'recovery.elapsed')).toBe('open');
    expect(leafAfter(1, 'recovery.elapsed')).toBe('halfOpen.free');
    expect(leafAfter(0, 'trial.started')).toBe('halfOpen.full');
    expect(leafAfter(49, 'trial.expired')).toBe('halfOpen.full');
    expect(leafAfter(1, 'trial.expired')).toBe('halfOpen.free');
  });
});

describe('the present of an actor', () => {
  it('is what its clock says', () => {
    expect(presentOf({ clock: { now: () => 42 } })).toBe(42);
    const clock = new SimulatedClock();
    clock.increment(12);
    expect(presentOf({ clock })).toBe(12);
  });

  it.each([{}, { clock: undefined }, { clock: null }, { clock: 'noon' }, { clock: {} }, { clock: { now: 42 } }])(
    'is that of the monotonic system clock where %j cannot tell it',
    (actor) => {
      vi.spyOn(performance, 'now').mockReturnValue(1234);
      expect(presentOf(actor)).toBe(performance.timeOrigin + 1234);
      expect(systemNow()).toBe(performance.timeOrigin + 1234);
      expect(systemClock.now()).toBe(systemNow());
    },
  );

  it('S-27 does not move when the wall clock is set', () => {
    vi.spyOn(performance, 'now').mockReturnValue(1234);
    const before = presentOf({});
    vi.spyOn(Date, 'now').mockReturnValue(0);
    expect(presentOf({})).toBe(before);
  });

  it.each([undefined, Number.NaN, 'noon', Number.POSITIVE_INFINITY])(
    'is that of the system clock where its own says %s',
    (nonsense) => {
      vi.spyOn(performance, 'now').mockReturnValue(1234);
      expect(presentOf({ clock: { now: () => nonsense } })).toBe(performance.timeOrigin + 1234);
    },
  );
});

describe('a clock that tells no number', () => {
  it.each(['call.failed', 'call.succeeded', 'recovery.elapsed'] as const)(
    'S-26 does not hang the actor: an undated %s is judged once',
    (type) => {
      let asked = 0;
      // Answers well in the end, so that a chart that asks for ever fails this test instead of hanging it.
      const now = () => (++asked > 1000 ? 1_000_000 : Number.NaN);
      const clock = { now, setTimeout: () => 0, clearTimeout: () => {} };
      const actor = createActor(circuitBreakerMachine, { clock, input: { failureThreshold: 1 } }).start();
      if (type !== 'call.failed') actor.send({ type: 'breaker.trip', at: 1_000_000 });
      if (type === 'call.succeeded') actor.send({ type: 'recovery.elapsed', at: 2_000_000 });
      actor.send({ type });
      expect(asked).toBeLessThan(20);
    },
  );
});
