import { createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');

describe('the totals of a registry', () => {
  it('never fall: what breakers have counted that are gone is in them', () => {
    const registry = createBreakerRegistry({ clock: createTestClock(), maxSize: 2 });
    for (let n = 0; n < 50; n++) {
      registry.get(`key ${n}`).acquire().succeed();
      registry.get(`key ${n}`).acquire().cancel();
      const { calls, successes, cancelled, size } = registry.metrics();
      expect({ calls, successes, cancelled }).toEqual({ calls: 2 * n + 2, successes: n + 1, cancelled: n + 1 });
      expect(size).toBeLessThanOrEqual(2);
    }
    registry.delete('key 49');
    registry.get('key 48').stop();
    expect(registry.metrics()).toMatchObject({ size: 0, calls: 100, successes: 50, cancelled: 50 });
  });

  it('have the calls of a breaker that is gone, which end later', () => {
    const registry = createBreakerRegistry({ clock: createTestClock() });
    const [first, second] = [registry.get('a').acquire(), registry.get('a').acquire()];
    registry.delete('a');
    expect(registry.metrics()).toMatchObject({ calls: 2, inFlight: 2, successes: 0 });
    first.succeed();
    expect(registry.metrics()).toMatchObject({ calls: 2, inFlight: 1, successes: 1 });
    second.fail(down);
    expect(registry.metrics()).toMatchObject({ calls: 2, inFlight: 0, successes: 1, failures: 1 });
  });

  it('are JSON, whatever the keys are called', () => {
    const registry = createBreakerRegistry({ clock: createTestClock() });
    for (const key of ['__proto__', 'constructor', 'a']) registry.get(key).acquire().succeed();
    const metrics = registry.metrics();
    expect(Object.getPrototypeOf(metrics.breakers)).toBeNull();
    expect(Object.keys(metrics.breakers)).toEqual(['__proto__', 'constructor', 'a']);
    expect(Object.keys(JSON.parse(JSON.stringify(metrics)).breakers)).toEqual(['__proto__', 'constructor', 'a']);
  });
});

describe('a listener of a registry', () => {
  it('hears which breakers come and go, by every way', () => {
    const registry = createBreakerRegistry({ clock: createTestClock(), maxSize: 2 });
    const heard: string[] = [];
    registry.on('added', ({ type, key, breaker }) => heard.push(`${type} ${key} ${breaker.name}`));
    const off = registry.on('evicted', ({ type, key, breaker }) => heard.push(`${type} ${key} ${breaker.state}`));
    registry.get('a');
    registry.get('a');
    registry.get('b');
    registry.get('c');
    registry.delete('b');
    registry.get('c').stop();
    expect(heard).toEqual([
      ...['registry.added a a', 'registry.added b b', 'registry.evicted a stopped', 'registry.added c c'],
      ...['registry.evicted b stopped', 'registry.evicted c stopped'],
    ]);
    off();
    registry.get('d');
    registry.delete('d');
    expect(heard.slice(6)).toEqual(['registry.added d d']);
  });

  it('S-54 never recurses, and misses nothing, though it asks for a breaker itself', async () => {
    const registry = createBreakerRegistry({ clock: createTestClock(), maxSize: 1 });
    const heard: string[] = [];
    let depth = 0;
    registry.on('added', ({ key }) => {
      heard.push(key);
      expect(depth++).toBe(0);
      if (heard.length < 300) registry.get(`key ${heard.length}`);
      depth--;
    });
    registry.get('key 0');
    expect(heard.length).toBe(100);
    await vi.waitFor(() => expect(heard.length).toBe(300));
    expect([registry.size, registry.metrics().size]).toEqual([1, 1]);
  });

  it('S-50 that throws changes nothing, and is reported', () => {
    const reports: unknown[] = [];
    const registry = createBreakerRegistry({
      clock: createTestClock(),
      onCallbackError: (error, where) => reports.push([error, where]),
    });
    registry.on('added', () => {
      throw down;
    });
    expect(registry.get('a').state).toBe('closed');
    expect(reports).toEqual([[down, 'a listener of added']]);
  });

  it('S-62 hears nothing of stop()', () => {
    const registry = createBreakerRegistry({ clock: createTestClock() });
    const heard: string[] = [];
    registry.on('evicted', ({ key }) => heard.push(key));
    registry.get('a');
    registry.stop();
    expect(heard).toEqual([]);
  });

  it('has to be a function', () => {
    const registry = createBreakerRegistry();
    expect(() => Reflect.apply(registry.on, registry, ['added', 5])).toThrow(TypeError);
  });
});
