import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';

const failureResult = (result: unknown) => result === undefined || result === 'overloaded';

describe('a permit that has succeeded', () => {
  it.each(['overloaded', undefined])('S-37 is a failure when failureResult says so of its result: %s', (result) => {
    const onFailure = vi.fn();
    const breaker = createBreaker({ failureResult, onFailure });
    breaker.acquire().succeed(result);
    expect(breaker.metrics()).toMatchObject({ successes: 0, failures: 1, inFlight: 0 });
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(result, expect.anything());
  });

  it('is a success with any other result, and without one', () => {
    const breaker = createBreaker({ failureResult });
    breaker.acquire().succeed('an answer');
    breaker.acquire().succeed();
    expect(breaker.metrics()).toMatchObject({ successes: 2, failures: 0, inFlight: 0 });
  });
});
