import {
  BreakerOptionsError,
  type BreakerOverrides,
  createBreaker,
  createBreakerRegistry,
} from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import type { InspectionEvent } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');

describe('a registry', () => {
  it('S-74 makes one breaker per key, named by it', () => {
    const registry = createBreakerRegistry();
    const breaker = registry.get('gpt-5');
    expect(registry.get('gpt-5')).toBe(breaker);
    expect(registry.get('opus')).not.toBe(breaker);
    expect([registry.size, registry.has('gpt-5'), registry.has('other')]).toEqual([2, true, false]);
    expect([...registry].map(([key, { name }]) => [key, name])).toEqual([
      ['gpt-5', 'gpt-5'],
      ['opus', 'opus'],
    ]);
  });

  it('S-74 gives each breaker a window of its own', () => {
    const registry = createBreakerRegistry({ failureThreshold: 2 });
    registry.get('a').acquire().fail(down);
    registry.get('b').acquire().fail(down);
    expect([registry.get('a').state, registry.get('b').state]).toEqual(['closed', 'closed']);
    registry.get('a').acquire().fail(down);
    expect([registry.get('a').state, registry.get('b').state]).toEqual(['open', 'closed']);
  });

  it('is made of breakers that do what a breaker by itself does, with timers of their own', async () => {
    const clock = createTestClock();
    const options = { failureThreshold: 1, recoveryTimeout: 1_000, clock };
    const breaker = createBreakerRegistry(options).get('a');
    const changes: string[] = [];
    breaker.on('stateChange', (from, to) => changes.push(`${from} -> ${to}`));
    await expect(
      breaker.call(async () => {
        throw down;
      }),
    ).rejects.toBe(down);
    await expect(breaker.call(async () => 'answer')).rejects.toMatchObject({ breaker: 'a', cause: down });
    clock.advance(1_000);
    expect(breaker.state).toBe('halfOpen');
    expect(await breaker.call(async () => 'answer')).toBe('answer');
    expect(changes).toEqual(['closed -> open', 'open -> halfOpen', 'halfOpen -> closed']);
  });

  it('takes overrides for the breaker that it makes', () => {
    const registry = createBreakerRegistry({ failureThreshold: 3, excludedErrors: [RangeError] });
    const fragile = registry.get('fragile', { failureThreshold: 1, recoveryTimeout: undefined });
    fragile.acquire().fail(new RangeError('excluded'));
    expect(fragile.state).toBe('closed');
    fragile.acquire().fail(down);
    expect(fragile.state).toBe('open');
    const strict = registry.get('strict', { failureThreshold: 1, excludedErrors: [TypeError] });
    strict.acquire().fail(new TypeError('excluded here'));
    expect(strict.state).toBe('closed');
    strict.acquire().fail(new RangeError('counts here'));
    expect(strict.state).toBe('open');
    const other = createBreaker({ name: 'stored', failureThreshold: 1 });
    other.trip();
    expect(registry.get('stored', { snapshot: other.toJSON() }).state).toBe('open');
  });

  it('hears every breaker, also those that are made later, until it stops listening', () => {
    const onOpen = vi.fn();
    const registry = createBreakerRegistry({ failureThreshold: 1, onOpen });
    const heard: string[] = [];
    registry.get('early');
    const off = registry.on('stateChange', (from, to, { name }) => heard.push(`${name}: ${from} -> ${to}`));
    registry.get('early').trip();
    registry.get('late').trip();
    expect(heard).toEqual(['early: closed -> open', 'late: closed -> open']);
    expect(onOpen).toHaveBeenCalledTimes(2);
    off();
    registry.get('early').reset();
    registry.get('latest').trip();
    expect(heard).toHaveLength(2);
    expect(() => Reflect.apply(registry.on, registry, ['opened', () => {}])).toThrow(TypeError);
    expect(() => Reflect.apply(registry.on, registry, ['open', 7])).toThrow(TypeError);
  });

  it('S-52 tells one breaker of what a callback of another one does', () => {
    const opened: string[] = [];
    const registry = createBreakerRegistry({
      onOpen: ({ name }) => {
        opened.push(name);
        if (name === 'a') registry.get('b').trip();
      },
    });
    registry.get('a').trip();
    expect(opened).toEqual(['a', 'b']);
  });

  it('adds up what its breakers have seen', () => {
    const registry = createBreakerRegistry({ failureThreshold: 1 });
    registry.get('a').acquire().succeed();
    registry.get('b').acquire().fail(down);
    registry.get('b').tryAcquire();
    registry.get('c').acquire();
    const { breakers, ...totals } = registry.metrics();
    expect(totals).toEqual({
      ...{ size: 3, calls: 3, successes: 1, failures: 1, slow: 0, ignored: 0, cancelled: 0 },
      ...{ timeouts: 0, rejected: 1, inFlight: 1 },
      states: { closed: 2, open: 1, halfOpen: 0, isolated: 0, disabled: 0, stopped: 0 },
    });
    expect(Object.keys(breakers)).toEqual(['a', 'b', 'c']);
    expect(breakers.b).toMatchObject({ name: 'b', failures: 1 });
  });

  it('S-62 S-25 stops every breaker with it, and leaves no timer', () => {
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock });
    const [a, b] = [registry.get('a'), registry.get('b')];
    a.trip();
    expect(clock.pendingTimers).toBe(1);
    registry.stop();
    registry.stop();
    expect([a.state, b.state, registry.size, clock.pendingTimers]).toEqual(['stopped', 'stopped', 0, 0]);
    expect([registry.get('c').state, registry.size]).toEqual(['stopped', 0]);
  });

  it('S-62 makes another breaker for the key of one that its user has stopped, twice as well as once', () => {
    const events: InspectionEvent[] = [];
    const registry = createBreakerRegistry({ inspect: (event) => events.push(event) });
    registry.get('other');
    const breaker = registry.get('a');
    breaker.stop();
    breaker.stop();
    const sizes = events.flatMap((event) =>
      event.type === '@xstate.snapshot' && Reflect.get(event.actorRef, 'id') === 'registry'
        ? [Reflect.get(event.snapshot, 'context')]
        : [],
    );
    expect(sizes.at(-1)).toEqual({ size: 1 });
    expect(registry.get('a')).not.toBe(breaker);
    expect([registry.get('a').state, registry.size]).toEqual(['closed', 2]);
  });

  it('forgets a breaker that is deleted, and makes another one for its key', () => {
    const registry = createBreakerRegistry();
    const breaker = registry.get('a');
    expect([registry.delete('a'), registry.delete('a'), registry.has('a'), breaker.state]).toEqual([
      ...[true, false, false],
      'stopped',
    ]);
    expect(registry.get('a')).not.toBe(breaker);
    expect(registry.get('a').state).toBe('closed');
  });

  it('S-75 S-74 is one actor system for whoever inspects it', () => {
    const events: InspectionEvent[] = [];
    const registry = createBreakerRegistry({ inspect: (event) => events.push(event) });
    registry.get('a');
    registry.get('b').acquire().succeed();
    expect(new Set(events.map(({ rootId }) => rootId)).size).toBe(1);
    const actors = events
      .filter(({ type }) => type === '@xstate.actor')
      .map(({ actorRef }) => Reflect.get(actorRef, 'id'));
    expect(actors).toEqual(['registry', 'a', 'b']);
    const sent = events.flatMap((event) => (event.type === '@xstate.event' ? [event.event.type] : []));
    expect(sent).toContain('call.succeeded');
  });
});

describe('the options of a registry', () => {
  it.each([
    [{ maxSize: 0 }, 'maxSize'],
    [{ maxSize: '3' }, 'maxSize'],
    [{ name: 'all' }, 'name'],
    [{ snapshot: createBreaker().toJSON() }, 'snapshot'],
    [{ failureThreshold: 0 }, 'failureThreshold'],
    [{ windowSize: 20 }, 'windowSize'],
    [{ unheardOf: 1 }, 'unheardOf'],
  ])('are judged when it is made: %o', (options, option) => {
    const error = errorOf(() => Reflect.apply(createBreakerRegistry, undefined, [options]));
    expect(error).toBeInstanceOf(BreakerOptionsError);
    expect(error).toMatchObject({ option });
  });

  it.each<[unknown, unknown, string]>([
    ['', {}, 'key'],
    [7, {}, 'key'],
    ['a', { clock: createTestClock() }, 'clock'],
    ['a', { inspect: () => {} }, 'inspect'],
    ['a', { failureThreshold: 0 }, 'failureThreshold'],
    ['a', { windowSize: 20 }, 'windowSize'],
  ])('are judged when a breaker is made: %o, %o', (key, overrides, option) => {
    const registry = createBreakerRegistry();
    const error = errorOf(() => Reflect.apply(registry.get, registry, [key, overrides]));
    expect(error).toBeInstanceOf(BreakerOptionsError);
    expect(error).toMatchObject({ option });
    expect(registry.size).toBe(0);
  });

  it('S-53 are neither changed nor shared', () => {
    const overrides: BreakerOverrides = Object.freeze({ failureThreshold: 1 });
    const options = Object.freeze({ failureThreshold: 2 });
    const registry = createBreakerRegistry(options);
    registry.get('a', overrides).acquire().fail(down);
    registry.get('b').acquire().fail(down);
    expect([registry.get('a').state, registry.get('b').state]).toEqual(['open', 'closed']);
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}
