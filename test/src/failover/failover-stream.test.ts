import { type FailoverStreamOptions, failoverStream } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createDeferred, flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { type Candidate, createCandidates, errorOf, inShort } from './candidates.ts';

/** What a stream does, item by item: texts, then maybe an error. */
type Script = readonly (string | Error)[];

const down = errorOf(503);
const isComplete = (item: string) => item === 'END';

function setUp(scripts: Readonly<Record<string, Script>>, options: FailoverStreamOptions<Candidate, string> = {}) {
  const { candidates, clock } = createCandidates(Object.keys(scripts));
  const log: unknown[] = [];
  const fn = async function* ({ name }: Candidate) {
    log.push(`ask ${name}`);
    for (const step of scripts[name] ?? []) {
      await Promise.resolve();
      if (step instanceof Error) throw step;
      yield step;
    }
  };
  const onServed = (event: Parameters<typeof inShort>[0]) => log.push(inShort(event));
  const stream = failoverStream(candidates, fn, { onServed, ...options });
  const read = async () => {
    const items: string[] = [];
    try {
      for await (const item of stream) items.push(item);
      return { items, error: undefined };
    } catch (error) {
      return { items, error };
    }
  };
  return { candidates, clock, log, stream, read };
}

describe('failoverStream', () => {
  it('does nothing before the first item is asked for, and reads nothing ahead', async () => {
    const { stream, log } = setUp({ a: ['1', '2'] });
    await flushMicrotasks();
    expect(log).toEqual([]);
    expect(await stream.next()).toEqual({ done: false, value: '1' });
    expect(log).toEqual(['ask a', { by: 'a', attempts: 1, left: [] }]);
  });

  it.each<[string, Script, string]>([
    ['at once', [down], 'overloaded'],
    ['before its first content', ['', '', down], 'overloaded'],
    ['by an end without its mark', [''], 'interrupted'],
    ['by saying nothing', ['', 'END'], 'emptyResponse'],
    ['as one that is too small', [errorOf(400, { code: 'context_length_exceeded' })], 'contextLength'],
  ])('S-93 goes on to the next candidate where the first fails %s', async (_name, script, kind) => {
    const isContent = (item: string) => item !== '' && item !== 'END';
    const { read, log, candidates } = setUp({ a: script, b: ['', 'b1', 'END'] }, { isComplete, isContent });
    expect(await read()).toEqual({ items: ['', 'b1', 'END'], error: undefined });
    expect(log).toEqual(['ask a', 'ask b', { by: 'b', attempts: 2, left: [`a: ${kind}`] }]);
    expect(candidates.map(({ breaker }) => breaker.metrics().inFlight)).toEqual([0, 0]);
  });

  it('S-91 goes on at once where a circuit is open', async () => {
    const { read, log, candidates } = setUp({ a: ['a1'], b: ['b1'] }, { retries: 2 });
    candidates[0]?.breaker.trip();
    expect((await read()).items).toEqual(['b1']);
    expect(log).toEqual(['ask b', { by: 'b', attempts: 1, left: ['a: rejected'] }]);
  });

  it('S-93 never joins two outputs: what breaks off after content is the error', async () => {
    const { read, log, candidates } = setUp({ a: ['', 'a1', down], b: ['b1'] });
    expect(await read()).toEqual({ items: ['', 'a1'], error: down });
    expect(log).toEqual(['ask a', { by: 'a', attempts: 1, left: [] }]);
    expect(candidates[0]?.breaker.metrics().failures).toBe(1);
  });

  it('S-93 takes an end without its mark for an error, after content, too', async () => {
    const { read } = setUp({ a: ['a1'], b: ['b1', 'END'] }, { isComplete });
    expect(await read()).toMatchObject({ items: ['a1'], error: { name: 'StreamInterruptedError', itemCount: 1 } });
  });

  it("S-93 holds the answer back until it is whole, with commit: 'end'", async () => {
    const scripts = { a: ['a1', 'a2', down], b: ['b1'], c: ['c1', 'END'] };
    const { read, log } = setUp(scripts, { commit: 'end', isComplete });
    expect(await read()).toEqual({ items: ['c1', 'END'], error: undefined });
    expect(log.at(-1)).toEqual({ by: 'c', attempts: 3, left: ['a: overloaded', 'b: interrupted'] });
  });

  it('S-93 holds no more than maxHeldBytes, and ends with an error then', async () => {
    const long = 'x'.repeat(60);
    const options = { commit: 'end', maxHeldBytes: 100 } as const;
    const { read, log, candidates } = setUp({ a: [long, long], b: ['b1'] }, options);
    expect(await read()).toMatchObject({ items: [], error: expect.any(RangeError) });
    expect(log).toEqual(['ask a']);
    expect(candidates[0]?.breaker.metrics()).toMatchObject({ failures: 0, inFlight: 0 });
    expect((await setUp({ a: [long, long] }, { maxHeldBytes: 100 }).read()).items).toHaveLength(2);
  });

  it('S-93 goes on after content with onRestart, which is waited for before the next item', async () => {
    const restarted = createDeferred<void>();
    const events: object[] = [];
    const onRestart = (event: { from: Candidate; to: Candidate; error: unknown }) => {
      events.push([event.from.name, event.to.name, event.error]);
      return restarted.promise;
    };
    const { stream, log } = setUp({ a: ['a1', down], b: [down], c: ['c1', 'c2'] }, { onRestart });
    expect(await stream.next()).toMatchObject({ value: 'a1' });
    let isNext = false;
    const next = stream.next().then((result) => {
      isNext = true;
      return result;
    });
    await flushMicrotasks();
    expect([events, isNext]).toEqual([[['a', 'c', down]], false]);
    restarted.resolve();
    expect(await next).toEqual({ done: false, value: 'c1' });
    expect(await stream.next()).toEqual({ done: false, value: 'c2' });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(log.at(-1)).toEqual({ by: 'c', attempts: 3, left: ['a: overloaded', 'b: overloaded'] });
  });

  it('S-93 does not restart what no candidate can go on with', async () => {
    const onRestart = vi.fn();
    const last = errorOf(500);
    expect(await setUp({ a: ['a1', down], b: [last] }, { onRestart }).read()).toEqual({ items: ['a1'], error: last });
    const refused = errorOf(400);
    expect((await setUp({ a: ['a1', refused], b: ['b1'] }, { onRestart }).read()).error).toBe(refused);
    expect(onRestart).not.toHaveBeenCalled();
  });

  it('S-93 ends with the error where onRestart throws', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const onRestart = () => Promise.reject(new Error('a bug'));
    const { read, candidates } = setUp({ a: ['a1', down], b: ['b1', 'b2'] }, { onRestart });
    expect(await read()).toEqual({ items: ['a1'], error: down });
    expect(log).toHaveBeenCalledOnce();
    expect(candidates.map(({ breaker }) => breaker.metrics().inFlight)).toEqual([0, 0]);
    log.mockRestore();
  });

  it('asks the same candidate again as often as retries says', async () => {
    const { stream, log, clock } = setUp({ a: [down], b: ['b1'] }, { retries: 1 });
    const first = stream.next();
    await flushMicrotasks();
    clock.advance(700);
    expect(await first).toMatchObject({ value: 'b1' });
    expect(log).toEqual(['ask a', 'ask a', 'ask b', { by: 'b', attempts: 3, left: ['a: overloaded'] }]);
  });

  it('S-44 goes on where the first item does not come in time, by the clock of the breaker', async () => {
    const { candidates, clock } = createCandidates();
    const fn = ({ name }: Candidate) => (name === 'a' ? new Promise<never>(() => {}) : textsOf('b1'));
    const first = failoverStream(candidates, fn, { firstItemTimeout: 100 }).next();
    await flushMicrotasks();
    clock.advance(100);
    expect(await first).toEqual({ done: false, value: 'b1' });
    expect(candidates[0]?.breaker.metrics()).toMatchObject({ timeouts: 1, failures: 1 });
  });

  it("S-43 ends with the caller's abort, which is not failed over", async () => {
    const stop = new AbortController();
    const { candidates } = createCandidates();
    const asked: string[] = [];
    const fn = ({ name }: Candidate) => {
      asked.push(name);
      return new Promise<never>(() => {});
    };
    const first = reasonOf(failoverStream(candidates, fn, { signal: stop.signal, retries: 2 }).next());
    await flushMicrotasks();
    stop.abort('stop');
    expect([await first, asked]).toEqual(['stop', ['a']]);
  });

  it('S-33 gives the slot back when its consumer leaves, wherever that is', async () => {
    const inBetween = setUp({ a: ['a1', 'a2'], b: [] });
    await inBetween.stream.next();
    await inBetween.stream.return();
    expect(inBetween.candidates[0]?.breaker.metrics()).toMatchObject({ successes: 1, inFlight: 0 });

    const waiting = setUp({ a: [down], b: ['b1'] }, { retries: 1 });
    const next = waiting.stream.next();
    await flushMicrotasks();
    await waiting.stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect([waiting.log, waiting.clock.pendingTimers]).toEqual([['ask a'], 0]);

    const unread = setUp({ a: ['a1'] });
    await unread.stream.return();
    expect(await unread.stream.next()).toEqual({ done: true, value: undefined });
    expect(unread.log).toEqual([]);
  });

  it('leaves no stream of a candidate behind that hangs when its consumer leaves', async () => {
    const { candidates } = createCandidates();
    const signals: AbortSignal[] = [];
    const fn = (_candidate: Candidate, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<never>(() => {});
    };
    const stream = failoverStream(candidates, fn);
    const next = stream.next();
    await flushMicrotasks();
    await stream.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(candidates[0]?.breaker.metrics()).toMatchObject({ cancelled: 1, inFlight: 0 });
  });

  it('rejects, or probes, where no circuit admits the call', async () => {
    const rejected = setUp({ a: ['a1'], b: ['b1'] });
    for (const { breaker } of rejected.candidates) breaker.trip();
    expect((await rejected.read()).error).toMatchObject({ name: 'CircuitBreakerOpenError', breaker: 'a' });
    const probing = setUp({ a: ['a1'], b: ['b1'] }, { allOpen: 'probeEarliest' });
    for (const { breaker } of probing.candidates) breaker.trip();
    expect((await probing.read()).items).toEqual(['a1']);
    expect(probing.candidates[0]?.breaker.metrics()).toMatchObject({ calls: 0, state: 'open' });
  });

  it('wants candidates, a function, and options that make sense', () => {
    const { candidates } = createCandidates();
    const fn = () => textsOf('x');
    expect(() => failoverStream([], fn)).toThrow(TypeError);
    for (const args of [
      [candidates, 'fn'],
      [[{}], fn],
    ])
      expect(() => Reflect.apply(failoverStream, undefined, args)).toThrow(TypeError);
    const wrong = [
      { commit: 'start' },
      { maxHeldBytes: 0 },
      { onRestart: 1 },
      { isContent: 1 },
      { idle: 1 },
      { retries: 1.5 },
    ];
    for (const options of wrong)
      expect(() => Reflect.apply(failoverStream, undefined, [candidates, fn, options])).toThrow(
        expect.objectContaining({ code: 'ERR_BREAKER_OPTIONS' }),
      );
  });
});

async function* textsOf(...texts: readonly string[]) {
  yield* texts;
}
