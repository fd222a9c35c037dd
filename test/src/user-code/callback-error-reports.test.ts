import { createBreaker } from 'agent-circuit-breaker';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { throwing } from '../half-open/ways-out.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { everyCallback } from './all-callbacks.ts';
import { expectedPlay, play } from './play.ts';
import { thenable } from './untyped.ts';

const bug = new Error('bug');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('onCallbackError', () => {
  it.each([
    ['throws', throwing(bug)],
    ['rejects', () => Promise.reject(bug)],
    ['returns a thenable that throws', () => thenable(throwing(bug))],
  ])('S-50 changes nothing itself when it %s', async (_how, onCallbackError) => {
    const unhandled = await unhandledRejectionsOf(async () => {
      const timed = createTimedBreaker({ ...everyCallback(throwing(bug)), failureThreshold: 2, onCallbackError });
      expect(await play(timed)).toEqual(expectedPlay);
    });
    expect(unhandled).toEqual([]);
  });

  it('S-50 is not called for errors of calls, rejections and fallbacks', async () => {
    const reports: unknown[] = [];
    const timed = createTimedBreaker({ failureThreshold: 2, onCallbackError: (error) => reports.push(error) });
    await play(timed);
    timed.breaker.trip();
    await timed.breaker.run(() => 'never', { fallback: throwing(bug) }).catch(() => {});
    expect(reports).toEqual([]);
  });
});

describe('without onCallbackError', () => {
  it('S-50 console.error says once per distinct message what threw and where', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const breaker = createBreaker({ clock: createTestClock(), onSuccess: throwing(bug), onReject: throwing(bug) });
    for (let round = 0; round < 50; round++) await breaker.call(() => 'well');
    breaker.trip();
    for (let round = 0; round < 50; round++) breaker.tryAcquire();

    const lines = log.mock.calls.map((args) => args.join(' '));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('onSuccess');
    expect(lines[0]).toContain('bug');
    expect(lines[1]).toContain('onReject');
  });

  it('S-50 console.error tells two messages of one callback apart', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    let count = 0;
    const onSuccess = () => {
      throw new Error(`bug ${count++ % 2}`);
    };
    const breaker = createBreaker({ clock: createTestClock(), onSuccess });
    for (let round = 0; round < 10; round++) await breaker.call(() => 'well');
    expect(log).toHaveBeenCalledTimes(2);
  });

  it('S-50 console.error hears of callbacks that reject, too', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const breaker = createBreaker({ clock: createTestClock(), onSuccess: () => Promise.reject(bug) });
    await breaker.call(() => 'well');
    await flushMicrotasks();
    expect(log).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a symbol', Symbol('bug')],
    ['undefined', undefined],
    ['an object without a prototype', Object.create(null)],
    ['an error whose message cannot be read', Object.defineProperty(new Error(), 'message', { get: throwing(bug) })],
  ])('S-50 console.error hears also of %s, and no harm is done', async (_name, value) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const breaker = createBreaker({ clock: createTestClock(), onSuccess: throwing(value) });
    expect(await breaker.call(() => 'well')).toBe('well');
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('S-50 a console.error that throws does no harm', async () => {
    vi.spyOn(console, 'error').mockImplementation(throwing(bug));
    const timed = createTimedBreaker({ ...everyCallback(throwing(bug)), failureThreshold: 2 });
    expect(await play(timed)).toEqual(expectedPlay);
  });

  it('S-50 console.error says it once, whether the facade or the chart asked the predicate', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 9, failurePredicate: throwing(bug) });
    await breaker.call(throwing('down')).catch(() => {});
    breaker.actor.getSnapshot();
    await breaker.call(throwing('down')).catch(() => {});
    expect(breaker.metrics().failures).toBe(2);
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('S-50 two breakers each tell their own', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const name of ['one', 'two'])
      await createBreaker({ name, clock: createTestClock(), onSuccess: throwing(bug) }).call(() => 'well');
    expect(log).toHaveBeenCalledTimes(2);
  });
});
