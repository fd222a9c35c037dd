import { createBreaker, systemClock } from 'agent-circuit-breaker';
import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { flushMicrotasks } from '../../support/calls.ts';
import { failTimes } from '../calling/rejecting-states.ts';

const hourMs = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the time of the system clock', () => {
  it('is told in milliseconds since the epoch', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(hourMs);
  });

  it('S-27 does not step with the wall clock, and never goes back', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let latest = systemClock.now();
    const start = latest;
    for (let count = 0; count < 1000; count++) {
      vi.setSystemTime(Date.now() + (count % 2 === 0 ? 5 : -7) * hourMs);
      const now = systemClock.now();
      expect(now).toBeGreaterThanOrEqual(latest);
      latest = now;
    }
    expect(latest - start).toBeLessThan(hourMs);
  });
});

describe('a timer of the system clock', () => {
  it('never fires early', async () => {
    const wait = (ms: number) =>
      new Promise<number>((resolve) => {
        const dueAt = systemClock.now() + ms;
        systemClock.setTimeout(() => resolve(systemClock.now() - dueAt), ms);
      });
    const delays = Array.from({ length: 200 }, (_, index) => 1 + (index % 40) / 4);
    for (const late of await Promise.all(delays.map(wait))) expect(late).toBeGreaterThanOrEqual(0);
  });

  it('is set once more for the rest when the platform fires it a little early', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const start = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(start);
    const callback = vi.fn();
    systemClock.setTimeout(callback, 10);
    now.mockReturnValue(start + 9.4);
    vi.advanceTimersByTime(10);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
    now.mockReturnValue(start + 10.4);
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be forgotten, also when it has been set once more', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const start = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(start);
    const callback = vi.fn();
    systemClock.clearTimeout(systemClock.setTimeout(callback, 10));
    const timer = systemClock.setTimeout(callback, 10);
    now.mockReturnValue(start + 9.4);
    vi.advanceTimersByTime(10);
    systemClock.clearTimeout(timer);
    now.mockReturnValue(start + 100);
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be forgotten when it has fired, when it was forgotten before, and when there never was one', async () => {
    const timer = await new Promise((resolve) => {
      const id = systemClock.setTimeout(() => resolve(id), 1);
    });
    systemClock.clearTimeout(timer);
    systemClock.clearTimeout(timer);
    expect(() => systemClock.clearTimeout(undefined)).not.toThrow();
  });

  it('S-25 does not keep the process alive', () => {
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    const timer = systemClock.setTimeout(() => {}, 60_000);
    const { value } = setTimer.mock.results[0] ?? {};
    expect(value).toHaveProperty('hasRef');
    expect(Reflect.apply(Reflect.get(Object(value), 'hasRef'), value, [])).toBe(false);
    systemClock.clearTimeout(timer);
  });

  it('works where the timers of the platform are numbers', () => {
    const clear = vi.fn();
    vi.stubGlobal('setTimeout', () => 7);
    vi.stubGlobal('clearTimeout', clear);
    systemClock.clearTimeout(systemClock.setTimeout(() => {}, 1000));
    expect(clear).toHaveBeenCalledWith(7);
  });
});

// Steps of a second: where only the timers are faked, the real time that a test takes is part of every wait.
describe.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
  ['every timer and clock faked', {}],
  ['only the timers and Date faked', { toFake: ['setTimeout', 'clearTimeout', 'Date'] }],
])('a test of a user with %s', (_name, config) => {
  it('sees a breaker recover, by itself, when it moves time on by recoveryTimeout', async () => {
    vi.useFakeTimers(config);
    const onHalfOpen = vi.fn();
    const breaker = createBreaker({ failureThreshold: 1, recoveryTimeout: 30_000, onHalfOpen });
    await failTimes(breaker, 1);
    vi.advanceTimersByTime(29_000);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(1000);
    expect(breaker.state).toBe('halfOpen');
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
    expect(await breaker.call(() => 'answer')).toBe('answer');
    expect(breaker.state).toBe('closed');
  });

  it('sees a run miss its deadline', async () => {
    vi.useFakeTimers(config);
    const call = createBreaker().run(() => new Promise(() => {}), { timeout: 30_000 });
    const settled = vi.fn();
    call.catch(settled);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(settled).toHaveBeenCalledTimes(1);
  });

  it('sees a breaker recover that was there before the timers were faked', async () => {
    const breaker = createBreaker({ failureThreshold: 1, recoveryTimeout: 30_000 });
    await breaker.call(() => 'answer');
    vi.useFakeTimers(config);
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(breaker.state).toBe('halfOpen');
  });
});

describe('other clocks', () => {
  it("take XState's SimulatedClock as it is", async () => {
    const clock = new SimulatedClock();
    const onHalfOpen = vi.fn();
    const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout: 1000, onHalfOpen });
    await failTimes(breaker, 1);
    clock.increment(999);
    expect(breaker.state).toBe('open');
    clock.increment(1);
    await flushMicrotasks();
    expect(onHalfOpen).toHaveBeenCalledTimes(1);
    expect(breaker.state).toBe('halfOpen');
  });

  it('give way to the system clock in an actor that is given it', () => {
    vi.useFakeTimers();
    const actor = createActor(circuitBreakerMachine, { clock: systemClock, input: { recoveryTimeout: 1000 } }).start();
    actor.send({ type: 'breaker.trip' });
    expect(actor.getSnapshot().context.recoverAt).toBeCloseTo(systemClock.now() + 1000);
    vi.advanceTimersByTime(999);
    expect(actor.getSnapshot().value).toBe('open');
    vi.advanceTimersByTime(1);
    expect(actor.getSnapshot().hasTag('trial')).toBe(true);
    actor.stop();
  });
});
