import type { CircuitBreaker, Permit } from 'agent-circuit-breaker';

/** One of the ways in which a call can be made through a breaker, for work that returns or throws at once. */
export interface WayOfCalling {
  readonly name: string;
  /** Makes one call; the promise settles as the call does. */
  readonly make: (breaker: CircuitBreaker, work: () => unknown) => Promise<unknown>;
}

/** One of the ways in which a call can be under way while other things happen. */
export interface WayOfWaiting {
  readonly name: string;
  /** Starts a call that ends as the promise does. */
  readonly start: (breaker: CircuitBreaker, work: () => Promise<unknown>) => Promise<unknown>;
}

/** Every way of making a call whose work is done when it returns. */
export const waysOfCalling: readonly WayOfCalling[] = [
  { name: 'call of a sync function', make: (breaker, work) => breaker.call(work) },
  { name: 'call of an async function', make: (breaker, work) => breaker.call(async () => work()) },
  { name: 'callSync', make: async (breaker, work) => breaker.callSync(work) },
  { name: 'run of a sync function', make: (breaker, work) => breaker.run(work) },
  { name: 'run of an async function', make: (breaker, work) => breaker.run(async () => work()) },
  { name: 'run with a deadline', make: (breaker, work) => breaker.run(work, { timeout: 1000 }) },
  { name: 'wrap of a sync function', make: (breaker, work) => breaker.wrap(work)() },
  { name: 'wrap of an async function', make: (breaker, work) => breaker.wrap(async () => work())() },
  { name: 'wrapSync', make: async (breaker, work) => breaker.wrapSync(work)() },
  { name: 'acquire', make: async (breaker, work) => settleWith(breaker.acquire(), work) },
  { name: 'tryAcquire', make: async (breaker, work) => settleWith(breaker.tryAcquire(), work) },
];

/** The ways that throw or reject with the breaker's own error when a call is not let through. */
export const waysOfBeingRejected = waysOfCalling.filter(({ name }) => name !== 'tryAcquire');

/** The ways to which `fallback` applies; the arguments of the call are `1, 'two'`. */
export const waysOfFallingBack: readonly WayOfCalling[] = [
  { name: 'call', make: (breaker, work) => breaker.call(takingTwo(work), 1, 'two') },
  { name: 'callSync', make: async (breaker, work) => breaker.callSync(takingTwo(work), 1, 'two') },
  { name: 'wrap', make: (breaker, work) => breaker.wrap(takingTwo(work))(1, 'two') },
  { name: 'wrapSync', make: async (breaker, work) => breaker.wrapSync(takingTwo(work))(1, 'two') },
];

/** Every way of making a call that stays under way until its work is done. */
export const waysOfWaiting: readonly WayOfWaiting[] = [
  { name: 'call', start: (breaker, work) => breaker.call(work) },
  { name: 'run', start: (breaker, work) => breaker.run(work) },
  {
    name: 'run with a deadline and a signal',
    start: (breaker, work) => breaker.run(work, { timeout: 2_000_000_000, signal: new AbortController().signal }),
  },
  { name: 'wrap', start: (breaker, work) => breaker.wrap(work)() },
  {
    name: 'acquire',
    start: async (breaker, work) => {
      const permit = breaker.acquire();
      const outcome = await work().then(
        (result) => () => result,
        (error: unknown) => () => {
          throw error;
        },
      );
      return settleWith(permit, outcome);
    },
  },
];

/** Throws the error, as a piece of work that fails at once. */
export function failWith(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function settleWith(permit: Permit | undefined, work: () => unknown): unknown {
  if (permit === undefined) throw new Error('no permit');
  try {
    const result = work();
    permit.succeed();
    return result;
  } catch (error) {
    permit.fail(error);
    throw error;
  }
}

function takingTwo(work: () => unknown): (one: number, two: string) => unknown {
  return (_one, _two) => work();
}
