import { inspect } from 'node:util';
import {
  BreakerOptionsError,
  CallTimeoutError,
  CircuitBreakerOpenError,
  createBreaker,
  PermitNotSettledError,
} from 'agent-circuit-breaker';
import { BreakerOptionsError as BreakerOptionsErrorOfMachines } from 'agent-circuit-breaker/machines';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';

interface ErrorClassOfOurs {
  readonly name: string;
  isInstance(value: unknown): boolean;
}

const rejection = { breaker: 'model', reason: 'open', retryAfterMs: 5 } as const;

const classes: readonly { errorClass: ErrorClassOfOurs; error: Error; details: object }[] = [
  {
    errorClass: CircuitBreakerOpenError,
    error: new CircuitBreakerOpenError(rejection),
    details: { code: 'ERR_CIRCUIT_OPEN', breaker: 'model' },
  },
  {
    errorClass: CallTimeoutError,
    error: new CallTimeoutError('model', 30_000),
    details: { code: 'ERR_CALL_TIMEOUT', breaker: 'model', timeoutMs: 30_000 },
  },
  {
    errorClass: PermitNotSettledError,
    error: new PermitNotSettledError('model'),
    details: { code: 'ERR_PERMIT_NOT_SETTLED', breaker: 'model' },
  },
  {
    errorClass: BreakerOptionsError,
    error: new BreakerOptionsError('timeout', 'timeout must be a duration.'),
    details: { code: 'ERR_BREAKER_OPTIONS', option: 'timeout', message: 'timeout must be a duration.' },
  },
];

/** Loads the package once more, as a process does that has two versions of it. */
async function loadAnotherCopy() {
  vi.resetModules();
  return import('agent-circuit-breaker');
}

afterEach(() => {
  vi.resetModules();
});

describe.each(classes)('$errorClass.name', ({ errorClass, error, details }) => {
  it('is an Error with a name, a code, a message and its data', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(errorClass.name);
    expect(error).toMatchObject(details);
    expect(error.message.length).toBeGreaterThan(10);
    expect(String(error)).toBe(`${errorClass.name}: ${error.message}`);
  });

  it('is readable on a console', () => {
    const shown = inspect(error);
    expect(shown.split('\n')[0]).toContain(`${errorClass.name}: ${error.message}`);
    expect(shown).not.toContain('Symbol(');
    for (const [name, value] of Object.entries(details))
      if (name !== 'message') expect(shown).toContain(`${name}: ${inspect(value)}`);
  });

  it('has its name in the first line of its stack', () => {
    expect(String(error.stack).split('\n')[0]).toBe(`${errorClass.name}: ${error.message}`);
  });

  it('is recognised by isInstance, and nothing else is', () => {
    expect(errorClass.isInstance(error)).toBe(true);
    const others = classes.filter((entry) => entry.errorClass !== errorClass).map((entry) => entry.error);
    const { name, message } = error;
    for (const other of [...others, undefined, null, name, 5, {}, new Error(message), { name, message, ...details }])
      expect(errorClass.isInstance(other)).toBe(false);
  });
});

describe('an error of another copy of this package', () => {
  it('is recognised by isInstance although it is no instance', async () => {
    const copy = await loadAnotherCopy();
    const pairs = [
      [CircuitBreakerOpenError, copy.CircuitBreakerOpenError, new copy.CircuitBreakerOpenError(rejection)],
      [CallTimeoutError, copy.CallTimeoutError, new copy.CallTimeoutError('model', 5)],
      [PermitNotSettledError, copy.PermitNotSettledError, new copy.PermitNotSettledError('model')],
      [BreakerOptionsError, copy.BreakerOptionsError, new copy.BreakerOptionsError('name', 'name must be a string.')],
    ] as const;
    for (const [ours, theirs, error] of pairs) {
      expect(ours).not.toBe(theirs);
      expect(error instanceof ours).toBe(false);
      expect(ours.isInstance(error)).toBe(true);
    }
  });

  it('is found inside another error', async () => {
    const copy = await loadAnotherCopy();
    const error = new copy.CircuitBreakerOpenError(rejection);
    expect(CircuitBreakerOpenError.find(new Error('failed', { cause: error }))).toBe(error);
  });

  it('never counts where its class is excluded', async () => {
    const copy = await loadAnotherCopy();
    const breaker = createBreaker({ failureThreshold: 1, excludedErrors: [CircuitBreakerOpenError] });
    await reasonOf(breaker.call(() => Promise.reject(new copy.CircuitBreakerOpenError(rejection))));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1, failures: 0 });
  });
});

describe('the errors of a breaker', () => {
  it('are those that the package exports', async () => {
    const clock = createTestClock();
    const heard: unknown[] = [];
    const breaker = createBreaker({ clock, name: 'model', onFailure: (error) => heard.push(error) });
    const call = breaker.run(() => new Promise(() => {}), { timeout: 100 });
    clock.advance(100);
    const timeout = await reasonOf(call);
    expect(timeout).toBeInstanceOf(CallTimeoutError);
    expect(timeout).toMatchObject({ breaker: 'model', timeoutMs: 100, message: expect.stringContaining('100 ms') });
    breaker.acquire()[Symbol.dispose]();
    expect(heard).toEqual([timeout, expect.any(PermitNotSettledError)]);
    expect(heard[1]).toMatchObject({ breaker: 'model', message: expect.stringContaining('"model"') });
  });

  it('are the same in both entries', () => {
    expect(BreakerOptionsErrorOfMachines).toBe(BreakerOptionsError);
  });
});
