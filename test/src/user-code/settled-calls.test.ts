import { attachBreaker, createBreaker, type SettleEvent } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';

class Overloaded extends Error {}
class Refused extends Error {}

const classifyError = (error: unknown) => ({
  counts: !(error instanceof Refused),
  kind: error instanceof Overloaded ? 'overloaded' : error instanceof Refused ? 'refusal' : undefined,
});

function createListened(watched: boolean) {
  const events: SettleEvent[] = [];
  const { breaker, clock } = createTimedBreaker({
    ...{ name: 'model', classifyError, slowCallThreshold: 500, failureThreshold: 99 },
    failureResult: (result) => (result === 'empty' ? { counts: true, kind: 'emptyResponse' } : result === 'n/a' && { counts: false, kind: 'none' }), // biome-ignore format: one thing
    onSettle: (event) => events.push(event),
    ...(watched && { inspect: () => {} }),
  });
  return { breaker, clock, events };
}

describe.each([false, true])('onSettle (outcomes sent at once: %s)', (watched) => {
  it('is told of each call that was let through how it ended, and what is known of it', async () => {
    const { breaker, clock, events } = createListened(watched);
    const last = () => events.at(-1);
    const plain = { isSlow: false, isTimeout: false, isTrial: false, kind: null, generation: 0, name: 'model' };

    const permit = breaker.acquire();
    clock.jump(120);
    permit.succeed();
    expect(last()).toEqual({ type: 'call.settled', ...plain, outcome: 'success', durationMs: 120, at: clock.now() });

    await reasonOf(breaker.call(() => Promise.reject(new Overloaded())));
    expect(last()).toMatchObject({ ...plain, outcome: 'failure', kind: 'overloaded', durationMs: 0 });
    await reasonOf(breaker.call(() => Promise.reject(new Refused())));
    expect(last()).toMatchObject({ ...plain, outcome: 'ignored', kind: 'refusal' });
    breaker.acquire().cancel();
    expect(last()).toMatchObject({ ...plain, outcome: 'cancelled' });
    breaker.acquire().ignore();
    expect(last()).toMatchObject({ ...plain, outcome: 'ignored' });
    await breaker.call(() => 'empty');
    expect(last()).toMatchObject({ ...plain, outcome: 'failure', kind: 'emptyResponse' });
    await breaker.call(() => 'n/a');
    expect(last()).toMatchObject({ ...plain, outcome: 'ignored', kind: 'none' });

    const slow = breaker.acquire();
    clock.jump(501);
    slow.succeed();
    expect(last()).toMatchObject({ ...plain, outcome: 'failure', isSlow: true, durationMs: 501 });

    const timedOut = reasonOf(breaker.run(() => new Promise(() => {}), { timeout: 50 }));
    clock.advance(50);
    await timedOut;
    expect(last()).toMatchObject({ ...plain, outcome: 'failure', isTimeout: true, durationMs: 50 });
    expect(events).toHaveLength(9);
    expect(breaker.metrics().kinds).toEqual({
      failures: { overloaded: 1, emptyResponse: 1 },
      ignored: { refusal: 1, none: 1 },
    });
  });

  it('tells trials, and the generation in which a call was admitted', () => {
    const { breaker, clock, events } = createListened(watched);
    breaker.trip();
    clock.jump(recoveryTimeout);
    breaker.acquire().succeed();
    expect(events).toMatchObject([{ outcome: 'success', isTrial: true, generation: 2 }]);
  });

  it('is told of nothing while the breaker is disabled, and of no rejection', () => {
    const { breaker, events } = createListened(watched);
    breaker.disable();
    breaker.callSync(() => 'well');
    breaker.trip();
    breaker.tryAcquire();
    expect(events).toEqual([]);
  });
});

describe('a listener of settle', () => {
  it('hears of a call that was let through before it listened, without a duration', () => {
    const { breaker, clock } = createTimedBreaker();
    const permit = breaker.acquire();
    const events: SettleEvent[] = [];
    breaker.on('settle', (event) => events.push(event));
    clock.jump(5);
    permit.succeed();
    const later = breaker.acquire();
    clock.jump(7);
    later.succeed();
    expect(events.map(({ durationMs }) => durationMs)).toEqual([null, 7]);
  });

  it('S-77 is told that a call took no time, not less, where an injected clock has gone back', () => {
    const { breaker, clock } = createTimedBreaker();
    const events: SettleEvent[] = [];
    breaker.on('settle', (event) => events.push(event));
    const permit = breaker.acquire();
    clock.jump(-5);
    permit.succeed();
    expect(events.map(({ durationMs }) => durationMs)).toEqual([0]);
  });

  it('hears of calls over an actor that somebody else runs', async () => {
    const clock = createTestClock();
    const breaker = attachBreaker(createActor(circuitBreakerMachine, { clock }).start());
    const events: SettleEvent[] = [];
    breaker.on('settle', (event) => events.push(event));
    await reasonOf(breaker.call(() => Promise.reject(new Error('down'))));
    expect(events).toMatchObject([{ outcome: 'failure', durationMs: 0, kind: null }]);
  });
});

describe('metrics().kinds', () => {
  it('holds at most fifty kinds, and counts the others together', () => {
    const breaker = createBreaker({
      clock: createTestClock(),
      failureThreshold: 1_000,
      classifyError: (error) => ({ counts: true, kind: String(error) }),
    });
    for (let n = 0; n < 200; n++) breaker.acquire().fail(`kind ${n}`);
    breaker.acquire().fail('kind 3');
    const { failures } = breaker.metrics().kinds;
    expect(Object.keys(failures)).toHaveLength(51);
    expect(failures).toMatchObject({ 'kind 0': 1, 'kind 3': 2, 'kind 49': 1, other: 150 });
  });

  it('takes a kind for what it is called, whatever it is called', () => {
    const classifyError = () => ({ counts: true, kind: '__proto__' });
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 9, classifyError });
    breaker.acquire().fail('down');
    expect(Object.entries(breaker.metrics().kinds.failures)).toEqual([['__proto__', 1]]);
  });

  it('S-70 goes on from a snapshot, and from one that has none', () => {
    const options = {
      clock: createTestClock(),
      failureThreshold: 9,
      classifyError: () => ({ counts: true, kind: 'a' }),
    };
    const first = createBreaker(options);
    first.acquire().fail('down');
    const snapshot = JSON.parse(JSON.stringify(first));
    const second = createBreaker({ ...options, snapshot });
    second.acquire().fail('down');
    expect(second.metrics().kinds).toEqual({ failures: { a: 2 }, ignored: {} });
    const { kinds: _kinds, ...totals } = snapshot.totals;
    const third = createBreaker({ ...options, snapshot: { ...snapshot, totals } });
    expect(third.metrics()).toMatchObject({ failures: 1, kinds: { failures: {}, ignored: {} } });
  });
});
