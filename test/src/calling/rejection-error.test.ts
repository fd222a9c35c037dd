import { inspect } from 'node:util';
import { CircuitBreakerOpenError, createBreaker, type RejectionReason } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const reasons: readonly RejectionReason[] = ['open', 'halfOpen', 'isolated', 'stopped'];
const down = new Error('the model is down');

function createRejection(reason: RejectionReason = 'open', cause?: unknown): CircuitBreakerOpenError {
  return new CircuitBreakerOpenError({ breaker: 'model', reason, retryAfterMs: 12_000.4, cause });
}

describe('CircuitBreakerOpenError', () => {
  it.each(reasons)('tells everything that a caller may act on: %s', (reason) => {
    const error = createRejection(reason, down);
    expect(error).toBeInstanceOf(CircuitBreakerOpenError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('CircuitBreakerOpenError');
    expect(error.code).toBe('ERR_CIRCUIT_OPEN');
    expect(error.breaker).toBe('model');
    expect(error.reason).toBe(reason);
    expect(error.retryAfterMs).toBe(12_000.4);
    expect(error.cause).toBe(down);
    expect(error.isRetryable).toBe(false);
    expect(error.status).toBe(503);
  });

  it('says what happened, for each reason in other words', () => {
    const messages = reasons.map((reason) => createRejection(reason).message);
    expect(new Set(messages).size).toBe(reasons.length);
    for (const message of messages) expect(message).toMatch(/^Circuit "model" is .*the call was not made/);
  });

  it('says when to come back, and does not where nobody knows', () => {
    expect(createRejection('open').message).toContain('12001 ms');
    const isolated = new CircuitBreakerOpenError({ breaker: 'model', reason: 'isolated', retryAfterMs: null });
    expect(isolated.message).not.toContain('null');
    expect(isolated.message).not.toContain(' ms');
  });

  it('has no cause where there is none, but has one that is null', () => {
    expect('cause' in createRejection()).toBe(false);
    expect(createRejection('open', null)).toHaveProperty('cause', null);
  });

  it('keeps the cause out of JSON, where it may hold headers and prompts', () => {
    const error = createRejection('open', Object.assign(new Error('secret'), { headers: 'secret' }));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      ...{ code: 'ERR_CIRCUIT_OPEN', breaker: 'model', reason: 'open' },
      ...{ retryAfterMs: 12_000.4, isRetryable: false, status: 503 },
    });
  });

  it.each(reasons)('is readable on a console: %s', (reason) => {
    const error = createRejection(reason, down);
    const [firstLine] = inspect(error).split('\n');
    expect(firstLine).toContain(`CircuitBreakerOpenError: ${error.message}`);
    expect(String(error)).toBe(`CircuitBreakerOpenError: ${error.message}`);
    expect(String(error.stack).split('\n')[0]).toBe(`CircuitBreakerOpenError: ${error.message}`);
    const shown = inspect(error);
    expect(shown).toContain('[cause]: Error: the model is down');
    for (const detail of ["breaker: 'model'", `reason: '${reason}'`, 'retryAfterMs: 12000.4'])
      expect(shown).toContain(detail);
    expect(shown).not.toContain('Symbol(');
  });

  it('is readable on a console where it has no cause', () => {
    const breaker = createBreaker({ clock: createTestClock(), name: 'search' });
    breaker.trip();
    expect(() => breaker.acquire()).toThrow(
      expect.toSatisfy((error) => inspect(error).startsWith('[CircuitBreakerOpenError: Circuit "search" is open')),
    );
  });

  it('lets a subclass have a name of its own', () => {
    class SearchUnavailable extends CircuitBreakerOpenError {
      override name = 'SearchUnavailable';
    }
    const error = new SearchUnavailable({ breaker: 'search', reason: 'open', retryAfterMs: 5 });
    expect(error.name).toBe('SearchUnavailable');
    expect(CircuitBreakerOpenError.isInstance(error)).toBe(true);
  });
});
