import { attachBreaker, type BreakerOptions, CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../support/test-clock.ts';
import { throwing } from '../half-open/ways-out.ts';
import { everyCallback } from './all-callbacks.ts';

class Excluded extends Error {}

function createFrozenOptions(heard: string[] = []): BreakerOptions {
  return Object.freeze({
    ...everyCallback((name) => heard.push(name)),
    name: 'shared',
    failureThreshold: 2,
    recoveryTimeout: 1000,
    failureWindow: 500,
    halfOpenTrials: 2,
    successThreshold: 2,
    trialTimeout: 300,
    timeout: 50,
    clock: Object.freeze(createTestClock()),
    excludedErrors: Object.freeze([Excluded]),
    failurePredicate: Object.freeze((error: unknown) => error !== 'fine'),
    failureResult: Object.freeze((result: unknown) => result === 'refused'),
    fallback: Object.freeze(() => 'fallback'),
    onCallbackError: Object.freeze(() => {}),
    inspect: Object.freeze({ next: () => {} }),
  });
}

describe('one options object for several breakers', () => {
  it('S-53 may be frozen, and is not changed', async () => {
    const options: BreakerOptions = { ...createFrozenOptions() };
    const before = { ...options };
    const breaker = createBreaker(options);
    await breaker.call(throwing(new Error('down'))).catch(() => {});
    await breaker.call(throwing(new Excluded())).catch(() => {});
    breaker.trip();
    breaker.stop();
    expect({ ...options }).toEqual(before);
    expect(Object.keys(options)).toEqual(Object.keys(before));
    for (const [option, value] of Object.entries(before)) expect(Reflect.get(options, option)).toBe(value);
  });

  it('S-53 makes independent breakers: the failures, state and metrics of one are not those of another', async () => {
    const options = createFrozenOptions();
    const [first, second] = [createBreaker(options), new CircuitBreaker(options)];
    await first.call(throwing('down')).catch(() => {});
    await second.call(throwing('down')).catch(() => {});
    expect([first.state, second.state]).toEqual(['closed', 'closed']);
    await first.call(throwing('down')).catch(() => {});
    expect([first.state, second.state]).toEqual(['open', 'closed']);
    expect(second.metrics()).toMatchObject({ calls: 1, failures: 1, rejected: 0, generation: 0 });
    first.stop();
    expect(await second.call(() => 'well')).toBe('well');
  });

  it('S-53 shares the callbacks, and each breaker calls them for itself', () => {
    const heard: string[] = [];
    const options = createFrozenOptions(heard);
    const [first, second] = [createBreaker(options), createBreaker(options)];
    first.on('open', () => heard.push('listener of the first'));
    second.trip();
    expect(heard).toEqual(['onStateChange', 'onOpen']);
    first.trip();
    expect(heard.slice(2)).toEqual(['onStateChange', 'onOpen', 'listener of the first']);
  });

  it('S-53 is read at construction: what is changed later does not matter', async () => {
    const clock = createTestClock();
    const options = { clock, failureThreshold: 1, fallback: () => 'first' };
    const breaker = createBreaker(options);
    Object.assign(options, { failureThreshold: 99, fallback: () => 'second' });
    await breaker.call(throwing('down')).catch(() => {});
    expect(breaker.state).toBe('open');
    expect(await breaker.call(() => 'never')).toBe('first');
  });

  it('S-53 holds for attachBreaker and run, too', async () => {
    const heard: string[] = [];
    const options = Object.freeze({ ...everyCallback((name) => heard.push(name)), fallback: () => 'fallback' });
    const { actor } = createBreaker({ clock: createTestClock() });
    const facades = [attachBreaker(actor, options), attachBreaker(actor, options)];
    const runOptions = Object.freeze({ signal: new AbortController().signal, timeout: 10 });
    for (const facade of facades) expect(await facade.run(() => 'well', runOptions)).toBe('well');
    expect(heard).toEqual(['onSuccess', 'onSuccess']);
    expect(facades.map((facade) => facade.metrics().calls)).toEqual([1, 1]);
  });
});
