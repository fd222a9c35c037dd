import { describe, expect, it } from 'vitest';
import { createDueBreaker, createTimedBreaker } from '../half-open/half-open-breaker.ts';

/** Answers whatever somebody without types may answer. */
function untyped(answer: unknown): () => boolean {
  const judge: { answer(): boolean } = { answer: () => false };
  Reflect.set(judge, 'answer', () => answer);
  return () => judge.answer();
}

describe.each([false, true])('a judgement of failureResult (outcomes sent at once: %s)', (watched) => {
  const options = { ...(watched && { inspect: () => {} }), recoveryTimeout: 1_000 };

  it.each<[unknown, object]>([
    [true, { failures: 1, successes: 0, ignored: 0 }],
    [{ counts: true }, { failures: 1, successes: 0, ignored: 0 }],
    [{ counts: false }, { failures: 0, successes: 0, ignored: 1 }],
    [false, { failures: 0, successes: 1, ignored: 0 }],
    [undefined, { failures: 0, successes: 1, ignored: 0 }],
    [null, { failures: 0, successes: 1, ignored: 0 }],
    [Promise.resolve(true), { failures: 0, successes: 1, ignored: 0 }],
  ])('%j makes of the call what it says, and its value is still returned', async (answer, totals) => {
    const { breaker } = createTimedBreaker({
      ...options,
      failureResult: untyped(answer),
    });
    expect(await breaker.call(() => 'value')).toBe('value');
    expect(breaker.metrics()).toMatchObject(totals);
  });

  it('can open the circuit at once, for as long as it says', async () => {
    const { breaker } = createTimedBreaker({
      ...options,
      failureResult: () => ({ counts: true, opensAtOnce: true, openFor: 7_000, kind: 'quota' }),
    });
    const opened: unknown[] = [];
    breaker.on('open', (event) => opened.push(event));
    await breaker.call(() => 'out of money');
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 7_000, lastFailure: { kind: 'quota' } });
    expect(opened).toMatchObject([{ by: 'atOnce', threshold: null }]);
  });

  it('S-34 S-37 S-38 judges a trial, too', async () => {
    for (const [judgement, state] of [
      [{ counts: false }, 'halfOpen'],
      [{ counts: true }, 'open'],
      [false, 'closed'],
    ] as const) {
      const { breaker } = createDueBreaker({ ...options, failureResult: () => judgement });
      await breaker.call(() => 'value');
      expect(breaker.metrics()).toMatchObject({ state, trials: 0 });
    }
  });

  it('S-50 that throws is a success, and is reported', async () => {
    const reports: unknown[] = [];
    const { breaker } = createTimedBreaker({
      ...options,
      failureResult: () => JSON.parse(''),
      onCallbackError: (_error, where) => reports.push(where),
    });
    await breaker.call(() => 'value');
    expect([breaker.metrics().successes, reports]).toEqual([1, ['failureResult']]);
  });
});
