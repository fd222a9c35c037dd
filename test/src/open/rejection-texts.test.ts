import { CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';

const cause = Object.assign(new Error('401 for sk-live-123'), { headers: { authorization: 'sk-live-123' } });
const rejection = (retryAfterMs: number | null) =>
  new CircuitBreakerOpenError({
    breaker: 'search',
    reason: retryAfterMs === null ? 'isolated' : 'open',
    retryAfterMs,
    cause,
  });

describe('a rejection in words for a model', () => {
  it.each([
    [1, 'for the next second'],
    [30_000, 'for the next 30 seconds'],
    [119_001, 'for the next 2 minutes'],
    [600_000, 'for the next 10 minutes'],
    [null, 'until further notice'],
  ])('says until when, that trying again is of no use, and what to do instead: %s ms', (ms, until) => {
    const message = rejection(ms).toModelMessage();
    expect(message).toContain(`"search" is unavailable ${until}`);
    expect(message).toMatch(/Trying again before then will not help/);
    expect(message).toMatch(/Go on without it/);
  });

  it('S-75 tells nothing of the cause', () => {
    expect(rejection(1).toModelMessage()).not.toContain('sk-live-123');
  });
});

describe('a rejection as an HTTP answer', () => {
  it.each([
    [1, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [60_000, '60'],
    [null, null],
  ])('is a 503 that says when to come back: %s ms', async (ms, retryAfter) => {
    const response = rejection(ms).toResponse();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, retryAfter]);
    const body = await response.json();
    expect(body).toEqual({
      error: { message: rejection(ms).message, type: 'circuit_open', code: 'ERR_CIRCUIT_OPEN' },
    });
  });

  it('S-75 tells nothing of the cause', async () => {
    expect(await rejection(1).toResponse().text()).not.toContain('sk-live-123');
  });

  it.each(['Response', 'Headers'])('says so where the platform has no %s', (name) => {
    vi.stubGlobal(name, undefined);
    try {
      expect(() => rejection(1).toResponse()).toThrow(
        /^toResponse\(\) needs the global Response and Headers, which this/,
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
