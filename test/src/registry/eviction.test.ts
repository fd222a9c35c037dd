import { type BreakerRegistry, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const keysOf = (registry: BreakerRegistry) => [...registry].map(([key]) => key);

describe('a registry that is full', () => {
  it('S-74 forgets the breaker that was used least recently, and stops it', () => {
    const registry = createBreakerRegistry({ maxSize: 3 });
    const [a, b] = ['a', 'b', 'c'].map((key) => registry.get(key));
    registry.get('a');
    registry.get('d');
    expect(keysOf(registry)).toEqual(['c', 'a', 'd']);
    expect([a?.state, b?.state]).toEqual(['closed', 'stopped']);
  });

  it('does not take a look for a use', () => {
    const registry = createBreakerRegistry({ maxSize: 2 });
    registry.get('a');
    registry.get('b');
    registry.has('a');
    registry.metrics();
    registry.get('c');
    expect(keysOf(registry)).toEqual(['b', 'c']);
  });

  it('S-74 never forgets one that is open, on trial, isolated, disabled or busy', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ maxSize: 1, clock, recoveryTimeout: 1_000 });
    registry.get('on trial').trip();
    clock.advance(1_000);
    registry.get('on trial').acquire();
    registry.get('open').trip();
    registry.get('isolated').isolate();
    registry.get('disabled').disable();
    const permit = registry.get('busy').acquire();
    registry.get('idle');
    registry.get('newcomer');
    expect(keysOf(registry)).toEqual(['on trial', 'open', 'isolated', 'disabled', 'busy', 'newcomer']);
    permit.succeed();
    registry.get('open').reset();
    registry.get('another');
    expect(keysOf(registry)).toEqual(['on trial', 'isolated', 'disabled', 'another']);
  });

  it('S-74 keeps nothing for breakers that it has forgotten', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ maxSize: 10, clock });
    registry.on('open', () => {});
    for (let key = 0; key < 1_000; key++) registry.get(`tenant ${key}`).acquire().succeed();
    expect([registry.size, clock.pendingTimers]).toEqual([10, 0]);
    expect(registry.metrics()).toMatchObject({ size: 10, calls: 1_000 });
    expect(Object.keys(registry.metrics().breakers)).toHaveLength(10);
  });
});
