import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';

const down = new Error('down');
const fail = async () => {
  throw down;
};
const succeed = async () => 'answer';

/** A breaker whose last calls have ended like this; calls may be followed in another way after failures. */
async function breakerAfter(ends: readonly (() => Promise<string>)[]): Promise<CircuitBreaker> {
  const breaker = createBreaker({ failureThreshold: 1_000 });
  for (const end of ends) await breaker.call(end).catch(() => {});
  return breaker;
}

const pasts = {
  'no call': [],
  successes: [succeed, succeed],
  'a failure': [fail],
  'a failure and a success': [fail, succeed],
  'many failures': Array.from({ length: 40 }, () => fail),
  'a failure long ago': [fail, ...Array.from({ length: 40 }, () => succeed)],
};

describe.each(Object.entries(pasts))('a call after %s', (_title, ends) => {
  it('S-01 S-03 passes its error on, the same object, and is counted once', async () => {
    const breaker = await breakerAfter(ends);
    const { calls, failures } = breaker.metrics();
    expect(await reasonOf(breaker.call(fail))).toBe(down);
    expect(breaker.metrics()).toMatchObject({ calls: calls + 1, failures: failures + 1, inFlight: 0 });
  });

  it('S-01 S-03 passes its result on, and is counted once', async () => {
    const breaker = await breakerAfter(ends);
    const { calls, successes } = breaker.metrics();
    expect(await breaker.call(succeed)).toBe('answer');
    expect(breaker.metrics()).toMatchObject({ calls: calls + 1, successes: successes + 1, inFlight: 0 });
  });

  it('is an unhandled rejection, once, if it fails and nobody handles it', async () => {
    const breaker = await breakerAfter(ends);
    const reasons = await unhandledRejectionsOf(() => {
      breaker.call(fail);
    });
    expect(reasons).toEqual([down]);
  });

  it('is no unhandled rejection if its failure is handled, however it was called', async () => {
    const breaker = await breakerAfter(ends);
    const reasons = await unhandledRejectionsOf(async () => {
      await breaker.call(fail).catch(() => {});
      await breaker
        .wrap(fail)()
        .catch(() => {});
    });
    expect(reasons).toEqual([]);
  });

  it('S-51 is counted before its caller hears of its end', async () => {
    const breaker = await breakerAfter(ends);
    const { failures, successes } = breaker.metrics();
    const seen: unknown[] = [];
    const failing = breaker.call(fail).catch(() => seen.push(breaker.metrics().failures - failures));
    await Promise.all([failing, breaker.call(succeed).then(() => seen.push(breaker.metrics().successes - successes))]);
    expect(seen).toEqual([1, 1]);
  });

  it('S-03 asks a promise with a then of its own only once', async () => {
    const breaker = await breakerAfter(ends);
    let asked = 0;
    const lazy = Object.assign(Promise.resolve('unused'), {
      // biome-ignore lint/suspicious/noThenProperty: a promise that works when it is asked is what this is about
      then(onFulfilled: (value: string) => string) {
        asked++;
        return Promise.resolve('worked').then(onFulfilled);
      },
    });
    expect(await breaker.call(() => lazy)).toBe('worked');
    expect(asked).toBe(1);
  });

  it('S-02 takes a thenable that settles more than once by its first word', async () => {
    const breaker = await breakerAfter(ends);
    const { calls, successes, failures } = breaker.metrics();
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
      then(resolve: (value: string) => void, reject: (error: unknown) => void) {
        resolve('first');
        reject(down);
        resolve('second');
      },
    };
    expect(await breaker.call(() => thenable)).toBe('first');
    expect(breaker.metrics()).toMatchObject({ calls: calls + 1, successes: successes + 1, failures });
  });
});
