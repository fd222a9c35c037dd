import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';

const rejection = new CircuitBreakerOpenError({ breaker: 'model', reason: 'open', retryAfterMs: 5 });
const other = new CircuitBreakerOpenError({ breaker: 'other', reason: 'isolated', retryAfterMs: null });

/** Wraps an error so many times as the cause of another one. */
function wrap(error: unknown, times: number): unknown {
  return times === 0 ? error : wrap(new Error('wrapped', { cause: error }), times - 1);
}

describe('CircuitBreakerOpenError.find', () => {
  it.each<[string, unknown]>([
    ['the error itself', rejection],
    ['the cause of an error', new Error('failed', { cause: rejection })],
    ['the cause of the cause of the cause', wrap(rejection, 3)],
    ['a cause fifty errors deep', wrap(rejection, 50)],
    ['the errors of an AggregateError', new AggregateError([new Error('a'), new Error('b'), rejection])],
    ['the last error of a retry helper', Object.assign(new Error('gave up'), { lastError: rejection })],
    ['the errors of a retry helper', Object.assign(new Error('gave up'), { errors: [null, 'text', rejection] })],
    ['a plain object that was thrown', { cause: rejection }],
    ['a cause within errors within lastError', { lastError: new AggregateError([wrap(rejection, 2)]) }],
  ])('finds %s', (_name, error) => {
    expect(CircuitBreakerOpenError.find(error)).toBe(rejection);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'CircuitBreakerOpenError'],
    ['a number', 503],
    ['an error', new Error('down')],
    ['an error with another cause', wrap(new Error('down'), 3)],
    ['an AggregateError without it', new AggregateError([new Error('a'), null, undefined, 'text'])],
    ['errors that are no list', { errors: 'none', lastError: 5, cause: undefined }],
    ['an error of that name', Object.assign(new Error('down'), { name: 'CircuitBreakerOpenError', status: 503 })],
    ['properties of another name', { error: rejection, inner: rejection, reason: rejection }],
  ])('finds nothing in %s', (_name, error) => {
    expect(CircuitBreakerOpenError.find(error)).toBeUndefined();
  });

  it('finds the nearest of several', () => {
    expect(CircuitBreakerOpenError.find(new AggregateError([wrap(rejection, 2), other]))).toBe(other);
    expect(CircuitBreakerOpenError.find(new AggregateError([other, wrap(rejection, 2)]))).toBe(other);
    expect(CircuitBreakerOpenError.find({ cause: wrap(other, 1), lastError: rejection })).toBe(rejection);
    expect(CircuitBreakerOpenError.find({ cause: rejection, lastError: wrap(other, 1) })).toBe(rejection);
    const withCause = new CircuitBreakerOpenError({ breaker: 'a', reason: 'open', retryAfterMs: 5, cause: rejection });
    expect(CircuitBreakerOpenError.find(withCause)).toBe(withCause);
  });

  it('comes to an end where errors go round in circles', () => {
    const own: { cause?: unknown } = {};
    own.cause = own;
    expect(CircuitBreakerOpenError.find(own)).toBeUndefined();
    const first: { cause?: unknown; errors?: unknown[] } = {};
    const second = { lastError: first };
    first.cause = second;
    first.errors = [first, second, own];
    expect(CircuitBreakerOpenError.find(first)).toBeUndefined();
    first.errors.push(wrap(rejection, 1));
    expect(CircuitBreakerOpenError.find(second)).toBe(rejection);
    const again = Array.from({ length: 99 }, () => own);
    expect(CircuitBreakerOpenError.find(new AggregateError([...again, rejection]))).toBe(rejection);
  });

  it('comes to an end where errors are nested without end or are very many', () => {
    let looks = 0;
    const endless = (): object => ({
      get cause() {
        looks++;
        return endless();
      },
    });
    expect(CircuitBreakerOpenError.find(endless())).toBeUndefined();
    expect(looks).toBeLessThanOrEqual(1000);
    expect(CircuitBreakerOpenError.find(wrap(rejection, 5000))).toBeUndefined();
    const many = Array.from({ length: 100_000 }, () => new Error('down'));
    expect(CircuitBreakerOpenError.find(new AggregateError(many))).toBeUndefined();
  });

  it('is not put off by an error that cannot be read', () => {
    const fail = () => {
      throw new Error('unreadable');
    };
    const unreadable = [
      Object.defineProperty(new Error('down'), 'cause', { get: fail }),
      Object.defineProperty({}, 'errors', { get: fail }),
      new Proxy({}, { get: fail, has: fail }),
    ];
    for (const error of unreadable) {
      expect(CircuitBreakerOpenError.find(error)).toBeUndefined();
      expect(CircuitBreakerOpenError.find(new AggregateError([error, rejection]))).toBe(rejection);
    }
  });
});
