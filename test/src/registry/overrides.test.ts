import { createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';

const down = new Error('down');
const thrown = new Error('thrown by the predicate');

describe('what a breaker of a registry overrides', () => {
  it('S-31 S-74 is a backoff by numbers where the registry has one by a function', () => {
    const registry = createBreakerRegistry({ recoveryTimeout: 1_000, recoveryBackoff: () => 777 });
    const breaker = registry.get('a', { recoveryBackoff: { factor: 3, maxRecoveryTimeout: 5_000 } });
    const other = registry.get('b');
    breaker.trip();
    other.trip();
    expect([breaker.metrics().waitMs, other.metrics().waitMs]).toEqual([1_000, 777]);
  });

  it('S-74 is a backoff by a function where the registry has one by numbers', () => {
    const registry = createBreakerRegistry({ recoveryTimeout: 1_000, recoveryBackoff: { factor: 3 } });
    const breaker = registry.get('a', { recoveryBackoff: () => 777 });
    breaker.trip();
    expect(breaker.metrics().waitMs).toBe(777);
  });

  it.each([
    ['failurePredicate', { failurePredicate: throwIt }],
    ['excludedErrors', { excludedErrors: [class extends Error {}, hostileClass()] }],
    ['recoveryBackoff', { recoveryBackoff: throwIt }],
  ])('S-53 S-74 is who hears of an error in the %s of the registry', (where, options) => {
    const [ofRegistry, ofBreaker] = [vi.fn(), vi.fn()];
    const registry = createBreakerRegistry({ ...options, failureThreshold: 1, onCallbackError: ofRegistry });
    registry.get('a', { onCallbackError: ofBreaker }).acquire().fail(down);
    expect(ofBreaker).toHaveBeenCalledExactlyOnceWith(thrown, where);
    expect(ofRegistry).not.toHaveBeenCalled();
    registry.get('b').acquire().fail(down);
    expect(ofRegistry).toHaveBeenCalledExactlyOnceWith(thrown, where);
  });

  it('S-74 counts for the breaker that is made, and is not looked at where there is one', () => {
    const registry = createBreakerRegistry({ failureThreshold: 2 });
    const breaker = registry.get('a');
    expect(registry.get('a', { failureThreshold: 1 })).toBe(breaker);
    expect(() => registry.get('a', { failureThreshold: 0 })).toThrow('failureThreshold must be');
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('closed');
    registry.delete('a');
    registry.get('a', { failureThreshold: 1 }).acquire().fail(down);
    expect(registry.get('a').state).toBe('open');
  });
});

function throwIt(): never {
  throw thrown;
}

function hostileClass() {
  return class extends Error {
    static isInstance = throwIt;
  };
}
