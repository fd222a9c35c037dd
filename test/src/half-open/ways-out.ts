import type { CircuitBreaker, RunContext } from 'agent-circuit-breaker';
import { createDeferred, reasonOf } from '../../support/calls.ts';

/** An error that the breakers of these tests exclude. */
export class Excluded extends Error {}

/** One way in which a trial can end. */
export interface WayOut {
  readonly verdict: 'success' | 'failure' | 'neutral';
  /** Takes a slot and leaves it again. */
  readonly leave: (breaker: CircuitBreaker) => Promise<unknown> | unknown;
}

const down = () => new Error('down');
const hang = ({ signal }: RunContext) => new Promise<never>(() => signal.throwIfAborted());

/** Every way out of a trial; a name says how it was made and how it ends. */
export const waysOut: Readonly<Record<string, WayOut>> = {
  'call, fulfilled': { verdict: 'success', leave: (breaker) => breaker.call(async () => 'well') },
  'call, returned': { verdict: 'success', leave: (breaker) => breaker.call(() => undefined) },
  'call, rejected': { verdict: 'failure', leave: (breaker) => reasonOf(breaker.call(() => Promise.reject(down()))) },
  'call, thrown': { verdict: 'failure', leave: (breaker) => reasonOf(breaker.call(throwing(down()))) },
  'call, thrown undefined': { verdict: 'failure', leave: (breaker) => reasonOf(breaker.call(throwing(undefined))) },
  'call, excluded': { verdict: 'neutral', leave: (breaker) => reasonOf(breaker.call(throwing(new Excluded()))) },
  'call, excluded rejection': {
    verdict: 'neutral',
    leave: (breaker) => reasonOf(breaker.call(() => Promise.reject(new Excluded()))),
  },
  'callSync, returned': { verdict: 'success', leave: (breaker) => breaker.callSync(() => 'well') },
  'callSync, thrown': { verdict: 'failure', leave: (breaker) => caught(() => breaker.callSync(throwing(down()))) },
  'callSync, excluded': {
    verdict: 'neutral',
    leave: (breaker) => caught(() => breaker.callSync(throwing(new Excluded()))),
  },
  'callSync, given a promise': {
    verdict: 'neutral',
    leave: (breaker) => caught(() => breaker.callSync(() => Promise.resolve('well'))),
  },
  'callSync, given a rejected promise': {
    verdict: 'neutral',
    leave: (breaker) => caught(() => breaker.callSync(() => Promise.reject(down()))),
  },
  'run, fulfilled': { verdict: 'success', leave: (breaker) => breaker.run(async () => 'well', { timeout: 50 }) },
  'run, thrown': { verdict: 'failure', leave: (breaker) => reasonOf(breaker.run(throwing(down()), { timeout: 50 })) },
  'run, excluded': { verdict: 'neutral', leave: (breaker) => reasonOf(breaker.run(throwing(new Excluded()))) },
  'run, aborted while it runs': {
    verdict: 'neutral',
    leave: (breaker) => {
      const controller = new AbortController();
      const reason = reasonOf(breaker.run(hang, { signal: controller.signal }));
      controller.abort('stop');
      return reason;
    },
  },
  'run, aborted by the function itself, which then throws': {
    verdict: 'neutral',
    leave: (breaker) => {
      const controller = new AbortController();
      const fn = () => {
        controller.abort('stop');
        throw down();
      };
      return reasonOf(breaker.run(fn, { signal: controller.signal }));
    },
  },
  'run, aborted by a deadline of the caller': {
    verdict: 'failure',
    leave: (breaker) => {
      const controller = new AbortController();
      const reason = reasonOf(breaker.run(hang, { signal: controller.signal }));
      controller.abort(new DOMException('too slow', 'TimeoutError'));
      return reason;
    },
  },
  'run, settled after it was aborted': {
    verdict: 'neutral',
    leave: async (breaker) => {
      const controller = new AbortController();
      const answer = createDeferred<string>();
      const reason = reasonOf(breaker.run(() => answer.promise, { signal: controller.signal }));
      controller.abort();
      answer.resolve('late');
      return reason;
    },
  },
  'permit, succeeded': { verdict: 'success', leave: (breaker) => breaker.acquire().succeed() },
  'permit, failed': { verdict: 'failure', leave: (breaker) => breaker.acquire().fail(down()) },
  'permit, failed without an error': { verdict: 'failure', leave: (breaker) => breaker.acquire().fail() },
  'permit, failed with an excluded error': {
    verdict: 'neutral',
    leave: (breaker) => breaker.acquire().fail(new Excluded()),
  },
  'permit, ignored': { verdict: 'neutral', leave: (breaker) => breaker.acquire().ignore() },
  'permit, cancelled': { verdict: 'neutral', leave: (breaker) => breaker.acquire().cancel() },
  'permit, disposed': { verdict: 'failure', leave: (breaker) => breaker.acquire()[Symbol.dispose]() },
  'permit, cancelled and then settled in every way': {
    verdict: 'neutral',
    leave: (breaker) => {
      const permit = breaker.acquire();
      permit.cancel();
      permit.succeed();
      permit.fail(down());
      permit.ignore();
      permit[Symbol.dispose]();
    },
  },
};

/** What a function throws; fails the test if it does not throw. */
export function caught(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('expected a throw');
}

/** A function that throws at once. */
export function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}
