import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { toBreakerOf } from '../../../src/breaker/breaker-choice.ts';

const byName = { asker: 'guardTools', keyOf: (tool: string) => tool };
const choose = (choice: unknown, context: object = byName) =>
  Reflect.apply(toBreakerOf<string>, undefined, [choice, context]);

describe('which breaker a call goes to', () => {
  it('is the one that was given, one of a registry by the key, or what a function says', () => {
    const breaker = createBreaker();
    const registry = createBreakerRegistry();
    expect(choose(breaker)('search')).toBe(breaker);
    expect(choose(registry)('search')).toBe(registry.get('search'));
    expect(choose(() => breaker)('search')).toBe(breaker);
    expect(choose(() => undefined)('search')).toBeUndefined();
  });

  it.each([undefined, null, 5, 'breaker', {}, []])('cannot be told by %o', (choice) => {
    expect(() => choose(choice)).toThrow(
      /^guardTools wants a breaker, a registry or a function that returns a breaker/,
    );
  });

  it.each([new Map(), new Headers(), { get: () => 'x' }])(
    'S-94 is not left open by what gives no breaker for a key: %o',
    (keys) => {
      expect(() => choose(keys)('search')).toThrow(
        /^guardTools wants .+, but its get\(\) returned (undefined|null|"x")\.$/,
      );
    },
  );

  it.each([null, 5, {}])('is not what a function returns that is no breaker: %o', (returned) => {
    expect(() => choose(() => returned)('search')).toThrow(/^guardTools wants .+, but it returned /);
  });

  it('S-94 may have to be there', () => {
    expect(() => choose(() => undefined, { ...byName, isNeeded: true })('search')).toThrow('it returned undefined');
  });

  it('is not told by a registry where there is no key', () => {
    expect(() => choose(createBreakerRegistry(), { asker: 'breakerFetch' })).toThrow(
      'breakerFetch wants a breaker or a function that returns a breaker, but was given an instance of BreakerRegistry.',
    );
  });
});
