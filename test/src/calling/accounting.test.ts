import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { facades } from './facades.ts';
import { failWith, waysOfCalling, waysOfWaiting } from './ways-of-calling.ts';

const down = new Error('down');
const none = { calls: 0, successes: 0, failures: 0, ignored: 0, cancelled: 0, timeouts: 0, rejected: 0, inFlight: 0 };

describe.each(facades)('$name', ({ create }) => {
  it.each(waysOfCalling)('S-03 accounts $name once, however it ends', async ({ make }) => {
    const heard: string[] = [];
    const breaker = create({
      clock: createTestClock(),
      onSuccess: () => heard.push('success'),
      onFailure: () => heard.push('failure'),
    });
    expect(breaker.metrics()).toMatchObject(none);
    await make(breaker, () => 'answer');
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 1, successes: 1 });
    await reasonOf(make(breaker, failWith(down)));
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 2, successes: 1, failures: 1 });
    expect(heard).toEqual(['success', 'failure']);
  });

  it.each(waysOfWaiting)('S-03 counts $name as under way until it ends', async ({ start }) => {
    const breaker = create({ clock: createTestClock() });
    const good = createDeferred<string>();
    const bad = createDeferred<string>();
    const calls = [start(breaker, () => good.promise), start(breaker, () => bad.promise)];
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 2, inFlight: 2 });
    good.resolve('answer');
    bad.reject(down);
    await Promise.allSettled(calls);
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 2, successes: 1, failures: 1 });
  });

  it.each(waysOfWaiting)('S-03 makes a hundred calls by $name at the same time', async ({ start }) => {
    const clock = createTestClock();
    const breaker = create({ clock });
    let ended = 0;
    const work = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 50));
    const calls = Array.from({ length: 100 }, () => start(breaker, work).then(() => ended++));
    expect(breaker.metrics().inFlight).toBe(100);
    clock.advance(49);
    await flushMicrotasks();
    expect(ended).toBe(0);
    clock.advance(1);
    await Promise.all(calls);
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 100, successes: 100 });
  });

  it.each(waysOfWaiting)('S-03 lets each of a hundred mixed calls by $name end once', async ({ start }) => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 1000 });
    const endings = Array.from({ length: 100 }, () => createDeferred<number>());
    const calls = endings.map(({ promise }) => start(breaker, () => promise));
    for (const [index, { resolve, reject }] of [...endings.entries()].reverse())
      index % 3 === 0 ? reject(down) : resolve(index);
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(
      endings.map((_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 100, successes: 66, failures: 34 });
  });
});

describe('a permit', () => {
  const endings = ['succeed', 'fail', 'ignore', 'cancel'] as const;
  const counts = { succeed: 'successes', fail: 'failures', ignore: 'ignored', cancel: 'cancelled' } as const;

  it.each(endings)('S-03 is accounted once by %s, whatever is called after it', (ending) => {
    const breaker = createBreaker();
    const permit = breaker.acquire();
    expect(permit.settled).toBe(false);
    permit[ending]();
    expect(permit.settled).toBe(true);
    for (const later of endings) permit[later]();
    permit[Symbol.dispose]();
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 1, [counts[ending]]: 1 });
  });

  it('S-03 is accounted once as a failure when it is disposed unsettled', () => {
    const breaker = createBreaker();
    const permit = breaker.acquire();
    permit[Symbol.dispose]();
    for (const later of endings) permit[later]();
    permit[Symbol.dispose]();
    expect(breaker.metrics()).toMatchObject({ ...none, calls: 1, failures: 1, consecutiveFailures: 1 });
  });
});

describe('a run that ends in more than one way', () => {
  const setUp = () => {
    const clock = createTestClock();
    const caller = new AbortController();
    const work = createDeferred<string>();
    const breaker = createBreaker({ clock });
    const call = breaker.run(() => work.promise, { timeout: 100, signal: caller.signal });
    return { breaker, call, work, abort: () => caller.abort('stop'), expire: () => clock.advance(100) };
  };

  it.each<[string, (run: ReturnType<typeof setUp>) => void, object]>([
    ['result, then deadline and abort', ({ work }) => work.resolve('answer'), { successes: 1 }],
    ['error, then deadline and abort', ({ work }) => work.reject(down), { failures: 1 }],
    ['deadline, then abort and result', ({ expire }) => expire(), { failures: 1, timeouts: 1 }],
    ['abort, then deadline and error', ({ abort }) => abort(), { cancelled: 1 }],
  ])('S-03 is accounted once by the first: %s', async (_name, end, counted) => {
    const run = setUp();
    end(run);
    await run.call.catch(() => {});
    run.expire();
    run.abort();
    run.work.reject(down);
    await flushMicrotasks();
    expect(run.breaker.metrics()).toMatchObject({ ...none, calls: 1, ...counted });
  });
});
