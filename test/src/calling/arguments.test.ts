import { type CircuitBreaker, circuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';

interface Received {
  readonly self: unknown;
  readonly args: readonly unknown[];
}

function receive(this: unknown, ...args: unknown[]): Received {
  return { self: this, args };
}

/** Every way of calling that hands arguments on, as a function that hands on these. */
const waysWithArguments: readonly [
  string,
  (breaker: CircuitBreaker, args: unknown[]) => Received | Promise<Received>,
][] = [
  ['call', (breaker, args) => breaker.call(receive, ...args)],
  ['callSync', (breaker, args) => breaker.callSync(receive, ...args)],
  ['wrap', (breaker, args) => breaker.wrap(receive)(...args)],
  ['wrapSync', (breaker, args) => breaker.wrapSync(receive)(...args)],
  ['circuitBreaker', (_breaker, args) => circuitBreaker()(receive)(...args)],
];

const lists: readonly [string, readonly unknown[]][] = [
  ['no arguments', []],
  ['one argument', [{ prompt: 'Hello' }]],
  ['many arguments', [1, 'two', null, { four: 4 }, [5], Symbol('six'), 7n, Number.NaN, () => 9]],
  ['undefined at the end', ['first', undefined, undefined]],
];

describe.each(waysWithArguments)('%s', (_name, make) => {
  it.each(lists)('S-01 hands on %s, each the same value', async (_list, args) => {
    const received = await make(createBreaker(), [...args]);
    expect(received.args).toHaveLength(args.length);
    for (const [index, arg] of args.entries()) expect(received.args[index]).toBe(arg);
  });

  it('S-01 gives a function without an object no other `this`', async () => {
    const received = await make(createBreaker(), []);
    expect(received.self).toBeUndefined();
  });
});

describe.each<[string, <T, R>(fn: (this: T, ...args: unknown[]) => R) => (this: T, ...args: unknown[]) => unknown]>([
  ['wrap', (fn) => createBreaker().wrap(fn)],
  ['wrapSync', (fn) => createBreaker().wrapSync(fn)],
  ['circuitBreaker', (fn) => circuitBreaker()(fn)],
])('a method guarded by %s', (_name, guard) => {
  it('S-01 is called with the object it is called on as `this`, whichever that is', async () => {
    const guarded = guard(receive);
    const first = { guarded };
    const second = { guarded };
    expect(await first.guarded('a')).toEqual({ self: first, args: ['a'] });
    expect(await second.guarded()).toMatchObject({ self: expect.toSatisfy((self) => self === second) });
    expect(await guarded.call(first, 'b')).toMatchObject({ self: expect.toSatisfy((self) => self === first) });
  });
});

describe('circuitBreaker in front of a method', () => {
  it('S-01 keeps `this`, the arguments and the result as a standard decorator', async () => {
    const context: ClassMethodDecoratorContext<object> = {
      ...{ kind: 'method', name: 'receive', static: false, private: false, metadata: {} },
      access: { has: () => true, get: () => receive },
      addInitializer: () => {},
    };
    const decorated = circuitBreaker()(async function (this: object, ...args: unknown[]): Promise<Received> {
      return receive.apply(this, args);
    }, context);
    const agent = { decorated };
    const { self, args } = await agent.decorated('Hello', 2);
    expect(self).toBe(agent);
    expect(args).toEqual(['Hello', 2]);
  });

  it('S-01 keeps `this`, the arguments and the result as a legacy decorator', async () => {
    class Agent {
      async receive(...args: unknown[]): Promise<Received> {
        return receive.apply(this, args);
      }
    }
    const descriptor = Object.getOwnPropertyDescriptor(Agent.prototype, 'receive') ?? {};
    const replaced: unknown = Reflect.apply(circuitBreaker(), undefined, [Agent.prototype, 'receive', descriptor]);
    if (typeof replaced !== 'object' || replaced === null) throw new Error('expected a descriptor');
    Object.defineProperty(Agent.prototype, 'receive', replaced);
    const agent = new Agent();
    const { self, args } = await agent.receive('Hello', 2);
    expect(self).toBe(agent);
    expect(args).toEqual(['Hello', 2]);
    expect(Object.getOwnPropertyDescriptor(Agent.prototype, 'receive')).toMatchObject({
      enumerable: false,
      configurable: true,
      writable: true,
    });
  });
});
