import { inspect } from 'node:util';
import { callFailed } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { carriesError, dated, passErrorOn } from '../../machines/hidden-error.ts';
import { startBreaker } from './running-breaker.ts';

describe('callFailed', () => {
  it.each([new Error('boom'), 'boom', 0, null, undefined, Object.freeze({})])(
    'carries %s unchanged and unseen',
    (error) => {
      const event = callFailed(error, { at: 5, generation: 2, trial: 'a' });
      expect(event.error).toBe(error);
      expect(carriesError(event)).toBe(true);
      expect(Object.entries(event)).toEqual([
        ['type', 'call.failed'],
        ['at', 5],
        ['generation', 2],
        ['trial', 'a'],
      ]);
      expect(JSON.stringify(event)).toBe('{"type":"call.failed","at":5,"generation":2,"trial":"a"}');
      expect(inspect(event)).not.toContain('error');
      expect('error' in { ...event }).toBe(false);
      expect('error' in structuredClone(event)).toBe(false);
    },
  );

  it('S-01 writes nothing on the error', () => {
    const error = Object.freeze(new Error('boom'));
    const keys = Reflect.ownKeys(error);
    startBreaker({ failureThreshold: 1 }).send(callFailed(error));
    expect(Reflect.ownKeys(error)).toEqual(keys);
  });
});

describe('dating an event', () => {
  it('copies the event, and hides its error even where it was given openly', () => {
    const error = new Error('boom');
    const open = { type: 'call.failed', error, trial: 3 } as const;
    for (const event of [open, callFailed(error, { trial: 3 })]) {
      const copy = dated(event, 42);
      expect(copy).not.toBe(event);
      expect(Object.entries(copy).sort()).toEqual([
        ['at', 42],
        ['trial', 3],
        ['type', 'call.failed'],
      ]);
      expect(Reflect.get(copy, 'error')).toBe(error);
    }
    expect(open).toEqual({ type: 'call.failed', error, trial: 3 });
  });

  it('adds no error where there is none', () => {
    expect(carriesError(dated({ type: 'call.failed' }, 42))).toBe(false);
    expect(dated({ type: 'recovery.elapsed' }, 42)).toEqual({ type: 'recovery.elapsed', at: 42 });
  });
});

describe('passing an error on', () => {
  it('hides it on the receiver, and passes an undefined one as well', () => {
    const to = passErrorOn(callFailed(undefined), { type: 'breaker.opened' });
    expect(carriesError(to)).toBe(true);
    expect(Object.keys(to)).toEqual(['type']);
  });

  it('leaves the receiver alone where there is none', () => {
    expect(carriesError(passErrorOn({ type: 'breaker.trip' }, { type: 'breaker.opened' }))).toBe(false);
  });
});
