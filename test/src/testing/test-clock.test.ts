import { createTestClock } from 'agent-circuit-breaker/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const start = 1_000_000;

describe('a test clock', () => {
  it('fires every timer that falls due at its own instant, in order', () => {
    const clock = createTestClock(start);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name} at ${clock.now() - start}`);
    clock.setTimeout(note('late'), 90);
    clock.setTimeout(note('early'), 10);
    clock.setTimeout(note('too late'), 101);
    clock.advance(100);
    expect(fired).toEqual(['early at 10', 'late at 90']);
    expect(clock.now()).toBe(start + 100);
    expect(clock.pendingTimers).toBe(1);
  });

  it.each([
    ['advances it', 'advance'],
    ['makes it jump', 'jump'],
  ] as const)('stays where it has got to when a timer %s beyond the end', (_title, move) => {
    const clock = createTestClock(start);
    clock.setTimeout(() => clock[move](5_000), 10);
    clock.advance(100);
    expect(clock.now()).toBe(start + 5_010);
  });

  it('ends where it was told to when a timer moves it by less', () => {
    const clock = createTestClock(start);
    clock.setTimeout(() => clock.advance(5), 10);
    clock.setTimeout(() => clock.jump(5), 20);
    clock.advance(100);
    expect(clock.now()).toBe(start + 100);
  });

  it('never goes back while it advances, however its timers advance it', () => {
    const moves = fc.array(fc.record({ dueMs: fc.nat(200), ms: fc.nat(200) }), { maxLength: 6 });
    fc.assert(
      fc.property(moves, fc.nat(300), (timers, ms) => {
        const clock = createTestClock(start);
        const seen = [clock.now()];
        for (const timer of timers)
          clock.setTimeout(() => {
            seen.push(clock.now());
            clock.advance(timer.ms);
            seen.push(clock.now());
          }, timer.dueMs);
        clock.advance(ms);
        seen.push(clock.now());
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        expect(clock.now()).toBeGreaterThanOrEqual(start + ms);
      }),
    );
  });

  it.each([-50, -Number.MIN_VALUE, Number.NaN, Infinity, -Infinity])(
    'refuses to advance by %s, and stands still',
    (ms) => {
      const clock = createTestClock(start);
      expect(() => clock.advance(ms)).toThrow(RangeError);
      expect(() => clock.advance(ms)).toThrow(
        `advance needs milliseconds, finite and not negative, but received ${ms}`,
      );
      expect(clock.now()).toBe(start);
    },
  );

  it.each([Number.NaN, Infinity, -Infinity])('refuses to jump by %s, and stands still', (ms) => {
    const clock = createTestClock(start);
    expect(() => clock.jump(ms)).toThrow(RangeError);
    expect(() => clock.jump(ms)).toThrow(`jump needs milliseconds, finite, but received ${ms}`);
    expect(clock.now()).toBe(start);
  });

  it('refuses a duration that is no number', () => {
    const clock = createTestClock(start);
    for (const ms of ['50', undefined, null])
      expect(() => Reflect.apply(clock.advance, clock, [ms])).toThrow(`but received ${ms}`);
  });

  it('jumps back, as a wall clock does, and fires nothing', () => {
    const clock = createTestClock(start);
    clock.setTimeout(() => expect.unreachable(), 10);
    clock.jump(500);
    clock.jump(-1_500);
    expect(clock.now()).toBe(start - 1_000);
    expect(clock.pendingTimers).toBe(1);
  });
});
