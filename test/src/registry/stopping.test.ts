import { createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';

const statusOf = (actor: { getSnapshot(): { status: string } }) => actor.getSnapshot().status;

describe('a breaker that its user stops', () => {
  it('S-62 S-74 is forgotten by the registry', () => {
    const registry = createBreakerRegistry();
    const breaker = registry.get('a');
    registry.get('b');
    breaker.stop();
    breaker.stop();
    expect([registry.size, registry.has('a'), [...registry].map(([key]) => key)]).toEqual([1, false, ['b']]);
    expect(registry.metrics().states).toMatchObject({ closed: 1, stopped: 0 });
    expect([registry.delete('a'), registry.delete('b')]).toEqual([false, true]);
  });

  it('S-74 takes up no room', () => {
    const registry = createBreakerRegistry({ maxSize: 2 });
    for (let key = 0; key < 1_000; key++) {
      using breaker = registry.get(`key ${key}`);
      breaker.callSync(() => 1);
    }
    expect([registry.size, registry.has('key 0'), registry.metrics().states.stopped]).toEqual([0, false, 0]);
    const kept = registry.get('kept');
    registry.get('other').stop();
    registry.get('more');
    expect([registry.size, kept.state]).toEqual([2, 'closed']);
  });

  it('S-62 leaves the breaker alone that has been made for its key since', () => {
    const registry = createBreakerRegistry();
    const former = registry.get('a');
    former.stop();
    const breaker = registry.get('a');
    former.stop();
    expect([registry.get('a') === breaker, breaker.state]).toEqual([true, 'closed']);
  });

  it('S-62 can be one whose own listener stops it, and another one is made for its key', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock, failureThreshold: 1 });
    registry.on('open', ({ name }) => registry.delete(name));
    const breaker = registry.get('a');
    breaker.acquire().fail(new Error('down'));
    expect([breaker.state, registry.size, clock.pendingTimers]).toEqual(['stopped', 0, 0]);
    expect(registry.get('a').state).toBe('closed');
  });

  it('S-62 can be stopped amid a transition of its actor, which ends with it', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock });
    const breaker = registry.get('a');
    const { actor } = breaker;
    actor.subscribe(() => registry.delete('a'));
    breaker.trip();
    expect([breaker.state, statusOf(actor), registry.size, clock.pendingTimers]).toEqual([
      ...['stopped', 'stopped', 0, 0],
    ]);
  });
});

describe('the metrics of a registry', () => {
  it('S-62 tell of no breaker that a listener stops as they are read', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock, recoveryTimeout: 1_000 });
    for (const key of ['a', 'b', 'c']) registry.get(key).trip();
    registry.on('halfOpen', () => ['a', 'b'].map((key) => registry.delete(key)));
    clock.jump(1_000);
    const { size, states, breakers } = registry.metrics();
    expect([size, states.halfOpen, states.stopped, Object.keys(breakers)]).toEqual([1, 1, 0, ['c']]);
  });
});

describe('the stop of a registry', () => {
  it('S-25 S-62 leaves no actor and no timer, also amid the end of a breaker', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock });
    const [a, b] = [registry.get('a').actor, registry.get('b').actor];
    const seen: unknown[] = [];
    a.subscribe({
      complete: () => {
        registry.stop();
        seen.push(statusOf(b), clock.pendingTimers, registry.size);
      },
    });
    registry.get('a').trip();
    registry.get('b').trip();
    registry.delete('a');
    expect(seen).toEqual(['stopped', 0, 0]);
    expect([statusOf(a), statusOf(b), registry.get('c').state, registry.size]).toEqual([
      ...['stopped', 'stopped', 'stopped', 0],
    ]);
  });

  it('S-25 S-62 leaves none either where an inspector stops it, whenever it does', () => {
    // XState says in development that its own events come too late.
    using _warnings = vi.spyOn(console, 'warn').mockReturnValue();
    const whenStopped = (stopAt: number) => {
      const clock = createTestClock();
      let events = 0;
      const registry = createBreakerRegistry({
        clock,
        maxSize: 2,
        inspect: () => {
          if (events++ === stopAt) registry.stop();
        },
      });
      const breakers = ['a', 'b', 'c', 'd'].map((key) => {
        const breaker = registry.get(key);
        if (key === 'a') breaker.trip();
        return breaker;
      });
      registry.get('d').stop();
      const isOver = events > stopAt;
      registry.stop();
      return { isOver, states: breakers.map(({ actor }) => statusOf(actor)), timers: clock.pendingTimers };
    };
    const states = ['stopped', 'stopped', 'stopped', 'stopped'];
    for (let stopAt = 3, isOver = true; isOver; stopAt++) {
      const { isOver: wasReached, ...left } = whenStopped(stopAt);
      expect(left).toEqual({ states, timers: 0 });
      isOver = wasReached;
    }
  });

  it('S-62 is not undone by a breaker that is made amid it', () => {
    const registry = createBreakerRegistry();
    const made: unknown[] = [];
    registry.get('a').actor.subscribe({ complete: () => made.push(registry.get('b').state, registry.get('a').state) });
    registry.stop();
    expect([made, registry.size]).toEqual([['stopped', 'stopped'], 0]);
  });

  it('S-62 costs the same for each of its breakers, however many timers there are', () => {
    const msToStop = (size: number) => {
      const registry = createBreakerRegistry();
      for (let key = 0; key < size; key++) registry.get(`key ${key}`).trip();
      const start = performance.now();
      registry.stop();
      return (performance.now() - start) / size;
    };
    msToStop(500);
    // XState by itself would look through 5000 timers for each, which is some hundred times slower.
    expect(msToStop(5_000) / msToStop(500)).toBeLessThan(5);
  });
});
