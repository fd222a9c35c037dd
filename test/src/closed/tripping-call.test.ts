import { CallTimeoutError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failTimes } from '../calling/rejecting-states.ts';
import { failWith, waysOfCalling } from '../calling/ways-of-calling.ts';

const recoveryTimeout = 1000;

describe.each(facades)('$name', ({ create }) => {
  describe.each(waysOfCalling)('$name', ({ make }) => {
    it.each([
      ['in a row', {}],
      ['within a window', { failureWindow: 500 }],
    ])('S-18 gives the call that opens the circuit its own error, counted %s', async (_mode, options) => {
      const fallback = vi.fn();
      const onReject = vi.fn();
      const breaker = create({ clock: createTestClock(), failureThreshold: 3, fallback, onReject, ...options });
      await failTimes(breaker, 2);
      const own = new Error('the third');
      expect(await reasonOf(make(breaker, failWith(own)))).toBe(own);
      expect(breaker.state).toBe('open');
      expect(fallback).not.toHaveBeenCalled();
      expect(onReject).not.toHaveBeenCalled();
    });

    it('S-18 gives the trial that re-opens the circuit its own error', async () => {
      const clock = createTestClock();
      const fallback = vi.fn();
      const breaker = create({ clock, recoveryTimeout, fallback });
      breaker.trip();
      clock.jump(recoveryTimeout);
      const own = new Error('the trial');
      expect(await reasonOf(make(breaker, failWith(own)))).toBe(own);
      expect(breaker.metrics()).toMatchObject({ state: 'open', reopenings: 1, rejected: 0 });
      expect(fallback).not.toHaveBeenCalled();
    });

    it('S-18 has told onOpen before that call settles', async () => {
      const heard: string[] = [];
      const breaker = create({ clock: createTestClock(), failureThreshold: 1, onOpen: () => heard.push('open') });
      await make(breaker, failWith(new Error('down'))).catch(() => heard.push('settled'));
      expect(heard).toEqual(['open', 'settled']);
    });
  });

  it('S-18 gives a run that opens the circuit by its deadline the CallTimeoutError', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 1, timeout: 100 });
    const call = breaker.run(() => new Promise(() => {}));
    clock.advance(100);
    expect(await reasonOf(call)).toBeInstanceOf(CallTimeoutError);
    expect(breaker.state).toBe('open');
  });
});
