import {
  attachBreaker,
  type BreakerSnapshot,
  createBreaker,
  createBreakerMachine,
  systemClock,
} from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');
const store = (breaker: { toJSON(): BreakerSnapshot }): BreakerSnapshot => JSON.parse(JSON.stringify(breaker));
const once = { failureThreshold: 1, recoveryTimeout: 60_000 };

describe('the wall clock, stepped since the process began', () => {
  beforeEach(() => {
    const real = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ['the system clock', systemClock],
    ['one that draws lots itself', { ...systemClock, random: () => 0.5 }],
  ])('S-70 measures what is left of a wait with %s', (_title, clock) => {
    const breaker = createBreaker({ ...once, clock });
    breaker.acquire().fail(down);
    expect(Math.abs(breaker.toJSON().since - Date.now())).toBeLessThan(5_000);
    const restored = createBreaker({ ...once, clock, snapshot: store(breaker) });
    expect(restored.state).toBe('open');
    expect(restored.metrics().retryAfterMs).toBeGreaterThan(50_000);
  });
});

describe('a snapshot', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'S-70 can be restored after an error whose status is %s',
    (status) => {
      const breaker = createBreaker();
      breaker.acquire().fail(Object.assign(new Error('odd'), { status }));
      expect(breaker.metrics().lastFailure).toMatchObject({ status: null });
      expect(createBreaker({ snapshot: breaker.toJSON() }).metrics().failures).toBe(1);
    },
  );

  it('S-70 can be restored after an error whose class has an odd name', () => {
    class Odd extends Error {
      static override readonly name: never;
      static {
        Object.defineProperty(Odd, 'name', { value: () => 'odd' });
      }
    }
    const breaker = createBreaker();
    breaker.acquire().fail(new Odd());
    expect(createBreaker({ snapshot: breaker.toJSON() }).metrics().lastFailure).toMatchObject({ name: 'Error' });
  });

  it.each([
    ['a generation that cannot grow', { generation: Number.MAX_SAFE_INTEGER }],
    ['failed trials while closed', { reopenings: 2 }],
  ])('S-70 is refused with %s', (_title, oddity) => {
    const snapshot = { ...createBreaker().toJSON(), ...oddity };
    expect(() => createBreaker({ snapshot })).toThrow(expect.objectContaining({ option: 'snapshot' }));
  });

  it('S-52 S-70 taken inside a backoff knows of every outcome', () => {
    const taken: BreakerSnapshot[] = [];
    const breaker = createBreaker({
      recoveryBackoff: () => {
        taken.push(breaker.toJSON());
        return 100;
      },
    });
    breaker.acquire().fail(down);
    breaker.acquire().fail(down);
    breaker.trip();
    expect(taken.map(({ state, counts }) => [state, counts.consecutiveFailures])).toEqual([['closed', 2]]);
  });

  it('S-27 S-32 is restored to a circuit that recovers, though its clock tells no number at first', () => {
    const clock = createTestClock();
    const breaker = createBreaker({ ...once, clock });
    breaker.acquire().fail(down);
    clock.advance(60_000);
    expect(breaker.state).toBe('halfOpen');
    const isReady = { value: false };
    const late = { ...clock, now: () => (isReady.value ? systemClock.now() : Number.NaN) };
    const restored = createBreaker({ ...once, clock: late, snapshot: store(breaker) });
    isReady.value = true;
    expect(restored.state).toBe('halfOpen');
  });
});

describe('odd input', () => {
  it('S-53 does not move a machine when the options it was made of are changed', () => {
    const recoveryBackoff = { factor: 2 };
    const machine = createBreakerMachine({ recoveryBackoff });
    recoveryBackoff.factor = 7;
    const factorOf = (input?: { readonly name: string }) =>
      createActor(machine, { input }).getSnapshot().context.settings.backoff?.factor;
    expect([factorOf(), factorOf({ name: 'other' })]).toEqual([2, 2]);
  });

  it.each([{}, null, 7, { failureTimes: [], window: {} }, { failureTimes: 'x', window: null }])(
    'S-50 does not stop an actor that is told of counts that are none: %o',
    (counts) => {
      const actor = createActor(circuitBreakerMachine, { input: { failureThreshold: 2 } }).start();
      Reflect.apply(actor.send, actor, [{ type: 'calls.counted', counts }]);
      actor.send({ type: 'call.failed' });
      actor.send({ type: 'call.failed' });
      expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'open' });
    },
  );

  it('S-01 S-03 passes a call past a facade whose clock throws', async () => {
    const clock = { ...createTestClock(), now: vi.fn(() => 1_000) };
    const breaker = attachBreaker(createActor(circuitBreakerMachine).start(), { clock });
    for (let call = 1; call <= 3; call++) {
      const failing = breaker.call(async () => {
        await null;
        clock.now.mockImplementation(() => {
          throw new Error('the clock is broken');
        });
        throw down;
      });
      await expect(failing).rejects.toBe(down);
      expect(breaker.metrics()).toMatchObject({ calls: call, failures: call, inFlight: 0 });
    }
  });
});
