import { type BreakerRegistryOptions, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');
const options = { failureThreshold: 2, recoveryTimeout: 1_000 } as const;

/** Three breakers and what has become of them, and one that is forgotten. */
function createUsed(more: BreakerRegistryOptions = {}) {
  const clock = createTestClock();
  const registry = createBreakerRegistry({ ...options, clock, ...more });
  registry.get('gone').acquire().succeed();
  registry.delete('gone');
  registry.get('open').acquire().fail(down);
  registry.get('open').acquire().fail(down);
  registry.get('closed').acquire().fail(down);
  registry.get('isolated').isolate();
  return { registry, clock };
}

const wrote = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('the snapshot of a registry', () => {
  it('S-70 is versioned JSON: the totals of all, and a snapshot of each', () => {
    const { registry } = createUsed();
    const snapshot = wrote(registry);
    expect(snapshot).toMatchObject({ version: 1, totals: { successes: 1, failures: 3 } });
    expect(Object.keys(snapshot.breakers)).toEqual(['open', 'closed', 'isolated']);
    expect(snapshot.breakers.open).toMatchObject({ version: 1, name: 'open', state: 'open' });
  });

  it('S-70 is gone on from: states, counts, waits and totals', () => {
    const { registry, clock } = createUsed();
    clock.jump(400);
    const next = createBreakerRegistry({ ...options, clock, snapshot: wrote(registry) });
    expect(next.metrics()).toMatchObject({ size: 3, calls: 4, successes: 1, failures: 3 });
    expect(next.metrics().breakers.open).toMatchObject({ state: 'open', retryAfterMs: 600 });
    next.get('closed').acquire().fail(down);
    expect(next.get('closed').state).toBe('open');
    expect(next.get('isolated').state).toBe('isolated');
    clock.jump(600);
    next.get('open').acquire().succeed();
    expect(next.metrics()).toMatchObject({ calls: 6, successes: 2, failures: 4 });
    const again = createBreakerRegistry({ ...options, clock, snapshot: wrote(next) });
    expect(wrote(again)).toEqual(wrote(next));
  });

  it('S-70 is gone on from with the overrides that a key is asked for with first, and counts nothing twice', () => {
    const { registry, clock } = createUsed();
    const next = createBreakerRegistry({ ...options, clock, snapshot: wrote(registry) });
    const breaker = next.get('closed', { failureThreshold: 3 });
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('closed');
    breaker.acquire().fail(down);
    expect(breaker.state).toBe('open');
    expect(next.metrics()).toMatchObject({ size: 3, failures: 5 });
    expect(next.get('closed', { failureThreshold: 9 })).toBe(breaker);
  });

  it('S-70 of a breaker that counts in its own way waits for the overrides that fit', () => {
    const clock = createTestClock();
    const own = { failureRateThreshold: 1, minimumCalls: 3, windowSize: 9 };
    const registry = createBreakerRegistry({ ...options, clock });
    for (let n = 0; n < 2; n++) registry.get('rate', own).acquire().fail(down);
    const next = createBreakerRegistry({ ...options, clock, snapshot: wrote(registry) });
    expect([next.size, Object.keys(wrote(next).breakers)]).toEqual([0, ['rate']]);
    next.get('rate', own).acquire().fail(down);
    expect(next.get('rate').state).toBe('open');
    const other = createBreakerRegistry({ ...options, clock, snapshot: wrote(registry) });
    expect(other.get('rate').metrics()).toMatchObject({ state: 'closed', failures: 0 });
    expect(other.get('rate').state).toBe('closed');
  });

  it.each<[string, (snapshot: ReturnType<typeof wrote>) => unknown]>([
    ['no object', () => 5],
    ['another version', (snapshot) => ({ ...snapshot, version: 2 })],
    ['no totals', ({ totals: _totals, ...snapshot }) => snapshot],
    [
      'a broken breaker',
      (snapshot) => ({ ...snapshot, breakers: { open: { ...snapshot.breakers.open, since: null } } }),
    ],
    ['a breaker of another name', (snapshot) => ({ ...snapshot, breakers: { other: snapshot.breakers.open } })],
    ['something else in it', (snapshot) => ({ ...snapshot, foreign: 1 })],
  ])('S-70 is refused as a whole where it is %s', (_title, broken) => {
    const { registry, clock } = createUsed();
    const before = clock.pendingTimers;
    const make = () =>
      Reflect.apply(createBreakerRegistry, undefined, [{ ...options, clock, snapshot: broken(wrote(registry)) }]);
    expect(make).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option: 'snapshot' }));
    expect(clock.pendingTimers).toBe(before);
  });

  it('S-74 holds no more than maxSize, the latest used ones, but never lets go of an open one', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ ...options, clock });
    registry.get('open').trip();
    for (const key of ['a', 'b', 'c']) registry.get(key);
    const next = createBreakerRegistry({ ...options, clock, maxSize: 2, snapshot: wrote(registry) });
    expect([...next].map(([key]) => key).sort()).toEqual(['c', 'open']);
  });
});
