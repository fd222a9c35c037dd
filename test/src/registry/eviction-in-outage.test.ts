import { type BreakerRegistry, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const keysOf = (registry: BreakerRegistry) => [...registry].map(([key]) => key);

/** A full registry of which every breaker has opened. */
function openRegistry(maxSize: number, count: number) {
  const clock = createTestClock();
  const registry = createBreakerRegistry({ maxSize, clock, recoveryTimeout: 1_000 });
  for (let key = 0; key < count; key++) registry.get(`open ${key}`).trip();
  return { registry, clock };
}

describe('a full registry in an outage', () => {
  it('S-74 forgets a half-open breaker that nobody calls, once no closed one is left to forget', () => {
    const { registry, clock } = openRegistry(3, 1);
    clock.advance(1_000);
    registry.get('closed');
    registry.get('other').trip();
    registry.get('x').isolate();
    expect(keysOf(registry)).toEqual(['open 0', 'other', 'x']);
    registry.get('y');
    expect(keysOf(registry)).toEqual(['other', 'x', 'y']);
  });

  it.each(['advance', 'jump'] as const)(
    'S-74 takes one that was not called for a whole wait for closed: %s',
    (move) => {
      const { registry, clock } = openRegistry(2, 1);
      registry.get('closed');
      clock[move](1_999);
      registry.get('in use');
      expect(keysOf(registry)).toEqual(['open 0', 'in use']);
      clock[move](1);
      registry.get('another');
      expect(keysOf(registry)).toEqual(['in use', 'another']);
    },
  );

  it('S-74 takes a wait that is over for half-open, though nobody has noticed', () => {
    const { registry, clock } = openRegistry(2, 2);
    clock.jump(999);
    registry.get('a');
    expect(registry.size).toBe(3);
    clock.jump(1);
    registry.get('b');
    expect(keysOf(registry)).toEqual(['open 1', 'b']);
  });

  it('S-74 never forgets a half-open one with a trial under way, or on its ramp', () => {
    const clock = createTestClock();
    const ramp = { steps: 2, stepDuration: 10_000 };
    const registry = createBreakerRegistry({ maxSize: 1, clock, recoveryTimeout: 1_000, recoveryRamp: ramp });
    for (const key of ['trial', 'ramp', 'bare']) registry.get(key).trip();
    clock.advance(1_000);
    registry.get('ramp').callSync(() => 'well');
    registry.get('trial').acquire();
    registry.get('bare').actor.send({ type: 'trial.started', at: clock.now(), trial: 1 });
    registry.get('newcomer');
    expect(keysOf(registry)).toEqual(['ramp', 'trial', 'bare', 'newcomer']);
    clock.advance(1_000_000);
    registry.get('another');
    expect(keysOf(registry)).toEqual(['trial', 'another']);
  });

  it('S-74 gets back to its size once the outage is over', () => {
    const { registry, clock } = openRegistry(10, 1_000);
    expect(registry.size).toBe(1_000);
    clock.advance(1_000);
    let gets = 0;
    while (registry.size > 10 && gets < 100) registry.get(`new ${gets++}`);
    expect(gets).toBeLessThan(100);
    expect([registry.size, clock.pendingTimers]).toEqual([10, 0]);
  });

  it('S-74 gets back to its size though the breakers were closed without being asked for', () => {
    const { registry } = openRegistry(10, 1_000);
    for (const [, breaker] of registry) breaker.reset();
    let gets = 0;
    while (registry.size > 10 && gets < 100) registry.get(`new ${gets++}`);
    expect(gets).toBeLessThan(100);
  });

  it('S-74 holds as many as it may where there are closed ones among many open ones', () => {
    const registry = createBreakerRegistry({ maxSize: 400 });
    for (let key = 0; key < 400; key++) {
      const breaker = registry.get(`key ${key}`);
      if (key % 100 !== 99) breaker.trip();
    }
    for (let key = 0; key < 4; key++) registry.get(`new ${key}`);
    expect([registry.size, registry.metrics().states.open]).toEqual([400, 396]);
  });

  it('S-74 has the ten-thousandth key cost what the hundredth did, while all are open', () => {
    const registry = createBreakerRegistry({ maxSize: 2, recoveryTimeout: 3_600_000 });
    const medianOf = (samples: number[]) => samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
    const costAt = (size: number) => {
      for (let key = registry.size; key < size; key++) registry.get(`key ${key}`).trip();
      const samples = Array.from({ length: 101 }, (_, sample) => {
        const start = performance.now();
        registry.get(`sample ${size} ${sample}`);
        return performance.now() - start;
      });
      return medianOf(samples);
    };
    costAt(100);
    const [hundredth, tenThousandth] = [costAt(300), costAt(10_000)];
    // Scanning all of them costs more than a hundred times as much; this leaves room for a busy machine.
    expect(tenThousandth / hundredth).toBeLessThan(10);
    registry.stop();
  });
});

describe('an eviction that runs code of the user', () => {
  it('S-74 S-52 hands out no breaker that is stopped, whatever a listener asks for', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ maxSize: 2, clock, recoveryTimeout: 1_000 });
    const nested: unknown[] = [];
    registry.on('halfOpen', () => nested.push(registry.get('nested').state));
    registry.get('a').trip();
    registry.get('b').trip();
    clock.jump(1_000);
    expect(registry.get('outer').state).toBe('closed');
    expect(nested).toEqual([]);
    expect(keysOf(registry)).toEqual(['b', 'outer']);
  });

  it('S-74 hands out no breaker that is stopped, whatever is asked for as one ends', () => {
    const registry = createBreakerRegistry({ maxSize: 1 });
    const nested: unknown[] = [];
    registry.get('a').actor.subscribe({
      complete: () => nested.push(registry.get('a').state, registry.get('outer'), registry.get('nested').state),
    });
    const outer = registry.get('outer');
    expect([nested, outer.state, registry.get('outer') === outer]).toEqual([
      ...[['closed', expect.anything(), 'closed'], 'closed', true],
    ]);
    registry.get('last');
    expect(keysOf(registry)).toEqual(['last']);
  });

  it('S-74 has one breaker per key, also where an inspector asks for the key as it is made', () => {
    const nested: unknown[] = [];
    const registry = createBreakerRegistry({
      inspect: ({ type, actorRef }) => {
        if (type === '@xstate.actor' && Reflect.get(actorRef, 'id') === 'a') nested.push(registry.get('a'));
      },
    });
    const breaker = registry.get('a');
    expect(nested[0]).toBe(breaker);
    expect([breaker.state, registry.size]).toEqual(['closed', 1]);
  });
});
