import { CallTimeoutError, CircuitBreakerOpenError, createBreaker, type ErrorClass } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { throwing } from '../half-open/ways-out.ts';

/** Tells whether an error that a call ends with is taken for neutral. */
function isNeutral(error: unknown, excludedErrors: readonly ErrorClass[], reports: unknown[] = []): boolean {
  const onCallbackError = (thrown: unknown) => reports.push(thrown);
  const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 1, excludedErrors, onCallbackError });
  breaker.acquire().fail(error);
  return breaker.state === 'closed';
}

/** Two copies of one package: the classes differ, the brand is the same. */
function createCopy() {
  const brand = Symbol.for('test.excluded-classes.ProviderError');
  return class ProviderError extends Error {
    readonly [brand] = true;
    static isInstance(value: unknown): boolean {
      return typeof value === 'object' && value !== null && brand in value;
    }
  };
}

class BadRequest extends Error {}
class TooLong extends BadRequest {}

describe('excludedErrors', () => {
  it('S-42 matches the class and its subclasses, not its superclass or its siblings', () => {
    expect(isNeutral(new BadRequest(), [BadRequest])).toBe(true);
    expect(isNeutral(new TooLong(), [BadRequest])).toBe(true);
    expect(isNeutral(new BadRequest(), [TooLong])).toBe(false);
    expect(isNeutral(new Error('other'), [BadRequest])).toBe(false);
    expect(isNeutral(new RangeError(), [TypeError, RangeError])).toBe(true);
  });

  it('S-42 matches by class, never by name or shape', () => {
    const lookalike = Object.assign(new Error('other'), { name: 'BadRequest' });
    expect(isNeutral(lookalike, [BadRequest])).toBe(false);
    for (const error of [undefined, null, 'BadRequest', 42, Symbol('BadRequest'), Object.create(null)])
      expect(isNeutral(error, [BadRequest])).toBe(false);
  });

  it('S-42 matches an abstract class', () => {
    abstract class Neutral extends Error {}
    class Concrete extends Neutral {}
    expect(isNeutral(new Concrete(), [Neutral])).toBe(true);
  });

  it('S-42 asks a class with a static isInstance, so that errors of another copy match', () => {
    const [Ours, Theirs] = [createCopy(), createCopy()];
    expect(new Theirs('x') instanceof Ours).toBe(false);
    expect(isNeutral(new Theirs('x'), [Ours])).toBe(true);
    expect(isNeutral(new Error('x'), [Ours])).toBe(false);
  });

  it('S-42 asks isInstance in place of instanceof: an instance that it disowns counts', () => {
    class Picky extends Error {
      static isInstance(): boolean {
        return false;
      }
    }
    expect(isNeutral(new Picky(), [Picky])).toBe(false);
  });

  it('S-42 does not take an isInstance that a class only inherits for its own', () => {
    class RateLimited extends createCopy() {}
    const Other = createCopy();
    expect(isNeutral(new RateLimited('x'), [RateLimited])).toBe(true);
    expect(isNeutral(new Other('x'), [RateLimited])).toBe(false);
  });

  it('S-42 asks isInstance with the class as its this', () => {
    class Coded extends Error {
      static readonly codes: readonly string[] = ['context_length_exceeded'];
      static readonly isInstance = function (this: typeof Coded, value: unknown): boolean {
        return (
          typeof value === 'object' && value !== null && 'code' in value && this.codes.includes(String(value.code))
        );
      };
    }
    expect(isNeutral({ code: 'context_length_exceeded' }, [Coded])).toBe(true);
    expect(isNeutral({ code: 'rate_limit_exceeded' }, [Coded])).toBe(false);
  });

  it('S-42 matches the errors of this package', () => {
    const rejection = new CircuitBreakerOpenError({ breaker: 'inner', reason: 'open', retryAfterMs: 1 });
    expect(isNeutral(rejection, [CircuitBreakerOpenError])).toBe(true);
    expect(isNeutral(new CallTimeoutError('inner', 5), [CallTimeoutError])).toBe(true);
    expect(isNeutral(rejection, [CallTimeoutError])).toBe(false);
  });

  it('S-42 counts the error where the class itself throws, and goes on asking the others', () => {
    class Broken extends Error {
      static isInstance(): boolean {
        throw new TypeError('broken');
      }
    }
    const reports: unknown[] = [];
    expect(isNeutral(new Error('down'), [Broken], reports)).toBe(false);
    expect(isNeutral(new BadRequest(), [Broken, BadRequest], reports)).toBe(true);
    expect(reports).toEqual([new TypeError('broken'), new TypeError('broken')]);
  });

  it('S-42 is not changed by changing the array afterwards', () => {
    const excludedErrors: ErrorClass[] = [BadRequest];
    const breaker = createBreaker({ clock: createTestClock(), failureThreshold: 1, excludedErrors });
    excludedErrors.splice(0, 1, RangeError);
    breaker.call(throwing(new BadRequest())).catch(() => {});
    expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1 });
    breaker.call(throwing(new RangeError())).catch(() => {});
    expect(breaker.state).toBe('open');
  });
});
