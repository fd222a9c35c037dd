import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { failWith, waysOfCalling } from './ways-of-calling.ts';

type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void;

/** An object that can be awaited without being a promise. */
function createThenable(then: Then): object {
  return { then };
}

/** A promise that does its work only when it is awaited, like the request of an SDK that parses on `then`. */
class LazyPromise extends Promise<unknown> {
  readonly #parse: () => Promise<unknown>;
  /** How often the work was asked for. */
  asked = 0;

  constructor(parse: () => Promise<unknown>) {
    super((resolve) => resolve(null));
    this.#parse = parse;
  }

  // biome-ignore lint/suspicious/noThenProperty: overridden as the SDKs of model vendors do it.
  override then<A = unknown, B = never>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.asked++;
    return this.#parse().then(onFulfilled, onRejected);
  }
}

const down = new Error('down');

describe.each(waysOfCalling)('$name', ({ make }) => {
  it('S-02 counts what is thrown at once like a rejection', async () => {
    const breaker = createBreaker({ failureThreshold: 2 });
    await reasonOf(make(breaker, failWith(down)));
    expect(breaker.metrics()).toMatchObject({ failures: 1, consecutiveFailures: 1, inFlight: 0, state: 'closed' });
    await reasonOf(breaker.call(() => Promise.reject(down)));
    expect(breaker.state).toBe('open');
  });

  it.each<[unknown]>([[undefined], [null], [false], [0], [''], [Number.NaN]])(
    'S-02 takes a returned %s for a success',
    async (result) => {
      const breaker = createBreaker({ failureThreshold: 2 });
      await reasonOf(make(breaker, failWith(down)));
      for (let count = 0; count < 5; count++) expect(await make(breaker, () => result)).toBe(result);
      expect(breaker.metrics()).toMatchObject({ successes: 5, failures: 1, consecutiveFailures: 0, state: 'closed' });
    },
  );
});

describe.each<[string, (breaker: CircuitBreaker, work: () => unknown) => Promise<unknown>]>([
  ['call', (breaker, work) => breaker.call(work)],
  ['run', (breaker, work) => breaker.run(work)],
  ['run with a deadline', (breaker, work) => breaker.run(work, { timeout: 1000 })],
  ['wrap', (breaker, work) => breaker.wrap(work)()],
])('%s', (_name, make) => {
  const succeeded = { calls: 1, successes: 1, failures: 0, inFlight: 0 };
  const failed = { calls: 1, successes: 0, failures: 1, inFlight: 0 };

  it('S-02 awaits a thenable', async () => {
    const breaker = createBreaker();
    const thenable = createThenable((resolve) => queueMicrotask(() => resolve('answer')));
    expect(await make(breaker, () => thenable)).toBe('answer');
    expect(breaker.metrics()).toMatchObject(succeeded);
  });

  it('S-02 awaits a thenable that resolves to another one', async () => {
    const breaker = createBreaker();
    const inner = createThenable((_resolve, reject) => reject(down));
    expect(await reasonOf(make(breaker, () => createThenable((resolve) => resolve(inner))))).toBe(down);
    expect(breaker.metrics()).toMatchObject(failed);
  });

  it('S-02 counts a thenable that rejects as a failure', async () => {
    const breaker = createBreaker();
    expect(await reasonOf(make(breaker, () => createThenable((_resolve, reject) => reject(down))))).toBe(down);
    expect(breaker.metrics()).toMatchObject(failed);
  });

  it('S-02 counts a thenable whose `then` throws as a failure', async () => {
    const breaker = createBreaker({ failureThreshold: 1 });
    expect(await reasonOf(make(breaker, () => createThenable(failWith(down))))).toBe(down);
    expect(breaker.metrics()).toMatchObject(failed);
    expect(breaker.state).toBe('open');
  });

  it('S-02 counts a thenable whose `then` cannot be read as a failure', async () => {
    const breaker = createBreaker();
    const unreadable = new Proxy({}, { get: failWith(down) });
    expect(await reasonOf(make(breaker, () => unreadable))).toBe(down);
    expect(breaker.metrics()).toMatchObject(failed);
  });

  it.each<[string, Then, object]>([
    [
      'resolves and then throws',
      (resolve) => {
        resolve('answer');
        throw down;
      },
      succeeded,
    ],
    [
      'resolves, then rejects',
      (resolve, reject) => {
        resolve('answer');
        reject(down);
      },
      succeeded,
    ],
    [
      'rejects, then resolves',
      (resolve, reject) => {
        reject(down);
        resolve('answer');
      },
      failed,
    ],
  ])('S-02 goes by what came first where a thenable %s', async (_name, then, counted) => {
    const breaker = createBreaker();
    await make(breaker, () => createThenable(then)).catch(() => {});
    expect(breaker.metrics()).toMatchObject(counted);
  });

  it('S-02 awaits a promise of a class that overrides `then` by its own `then`, and only once', async () => {
    const breaker = createBreaker();
    const lazy = new LazyPromise(async () => 'parsed');
    const promise = make(breaker, () => lazy);
    expect(await promise).toBe('parsed');
    expect(lazy.asked).toBe(1);
    expect(breaker.metrics()).toMatchObject(succeeded);
  });

  it('S-02 counts a failure that only the overridden `then` of a promise shows', async () => {
    const breaker = createBreaker();
    const lazy = new LazyPromise(() => Promise.reject(down));
    expect(await reasonOf(make(breaker, () => lazy))).toBe(down);
    expect(breaker.metrics()).toMatchObject(failed);
  });

  it('S-02 returns a plain promise at once, whatever the function returns', async () => {
    const returned = [undefined, 'answer', new LazyPromise(async () => 'parsed'), createThenable((done) => done(1))];
    for (const value of returned) {
      const promise = make(createBreaker(), () => value);
      expect(Object.getPrototypeOf(promise)).toBe(Promise.prototype);
      await promise;
    }
  });
});
