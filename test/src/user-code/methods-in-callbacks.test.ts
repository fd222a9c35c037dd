import { describe, expect, it } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';
import { callbackNames } from './all-callbacks.ts';
import { everyMethod } from './every-method.ts';
import { createHookedBreaker, hookNames, judgeNames } from './hooked-breaker.ts';
import { down, play } from './play.ts';

/** How deep callbacks may be called inside one another: each kind at most once. */
const deepest = callbackNames.length;
/** Stops a recursion that would not end, so that the test fails instead of the process. */
const fuse = 100;

const pairs = hookNames.flatMap((hook) => Object.keys(everyMethod).map((method) => [method, hook] as const));
/** Methods that only look: none of them may bring forth an event that is inspected in turn without end. */
const readings = ['state', 'metrics', 'name', 'on', 'on, and off again', 'actor'];
/** Judges and inspectors are asked for every call and event: here they leave those alone that they cause themselves. */
const isAskedAlways = (hook: string) => hook === 'inspect' || judgeNames.includes(hook);
/** In the middle of a transition of the actor, an order has to wait for its end. */
const isInTransition = (hook: string) => hook === 'inspect';

describe('every method inside every callback', () => {
  it.each(pairs)('S-52 %s inside %s: ends, and the breaker works on', async (method, hook) => {
    let uses = 0;
    let depth = 0;
    let depthReached = 0;
    let isOver = false;
    const stale: unknown[] = [];
    const timed = createHookedBreaker(hook, ({ breaker }) => {
      if (isOver || uses >= fuse || (depth > 0 && isAskedAlways(hook))) return;
      uses++;
      depthReached = Math.max(depthReached, ++depth);
      everyMethod[method]?.use(breaker);
      const { statesAfter } = everyMethod[method] ?? {};
      if (statesAfter && !isInTransition(hook) && !statesAfter.includes(breaker.state)) stale.push(breaker.state);
      depth--;
    });

    const results = (await play(timed)).flatMap((step) => (Array.isArray(step) ? [step[0]] : []));
    isOver = true;
    await flushMicrotasks();

    expect(uses).toBeGreaterThan(0);
    expect(depthReached).toBeLessThanOrEqual(deepest);
    expect(stale).toEqual([]);
    for (const result of results)
      expect(['well', down, 'open', 'halfOpen', 'isolated', 'stopped', 'reset']).toContain(result);
    expect(timed.breaker.metrics().inFlight).toBe(0);
    if (timed.breaker.state !== 'stopped') await expectToWork(timed);
  });

  it.each(readings)('S-52 %s inside an inspector at every event: ends', (method) => {
    let uses = 0;
    const { breaker, clock } = createHookedBreaker('inspect', (timed) => {
      if (uses++ < fuse) everyMethod[method]?.use(timed.breaker);
    });
    breaker.trip();
    clock.jump(recoveryTimeout);
    expect(breaker.state).toBe('halfOpen');
    expect(uses).toBeGreaterThan(0);
    expect(uses).toBeLessThan(fuse);
  });
});

/** Opens at the second failure, lets one trial of ten through, and closes. */
async function expectToWork({ breaker, clock }: TimedBreaker): Promise<void> {
  breaker.reset();
  expect(await breaker.call(async () => 'well')).toBe('well');
  for (const expected of ['closed', 'open']) {
    await breaker.call(() => Promise.reject(down)).catch(() => {});
    expect(breaker.state).toBe(expected);
  }
  clock.jump(recoveryTimeout);
  let trials = 0;
  await Promise.allSettled(Array.from({ length: 10 }, () => breaker.call(async () => trials++)));
  expect(trials).toBe(1);
  expect(breaker.state).toBe('closed');
}
