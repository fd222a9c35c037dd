import { createBreaker, failover } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { type Candidate, createCandidates, errorOf, inShort } from './candidates.ts';

const elsewhere: readonly [string, Error, string][] = [
  [
    'a removed model',
    errorOf(404, { code: 'model_not_found', message: 'The model gpt-x has been deprecated' }),
    'modelNotFound',
  ],
  ['a model that is gone, by its words', errorOf(410, { message: 'The model gpt-x is gone.' }), 'modelNotFound'],
  ['a model without permission', errorOf(403, { code: 'AccessDeniedException', message: 'No access.' }), 'permission'],
  [
    'a prompt too long for this one',
    errorOf(400, { code: 'context_length_exceeded', message: 'too long' }),
    'contextLength',
  ],
];

const nowhere: readonly [string, Error][] = [
  ["this vendor's filter", errorOf(400, { code: 'content_filter', message: 'filtered' })],
  ['a bad request', errorOf(422, { message: 'wrong' })],
  ["a 410 without a model's words", errorOf(410, { message: 'This file is gone.' })],
];

const failing = (error: unknown) => (candidate: Candidate) => {
  if (candidate.name === 'a') throw error;
  return `of ${candidate.name}`;
};

describe('whether another candidate is asked', () => {
  it.each(elsewhere)(
    'S-92 is another question than whether a failure counts: after %s it is',
    async (_name, error, kind) => {
      const { candidates } = createCandidates();
      const served: object[] = [];
      const answer = failover(candidates, failing(error), { onServed: (event) => served.push(inShort(event)) });
      expect(await answer).toBe('of b');
      expect(served).toEqual([{ by: 'b', attempts: 2, left: [`a: ${kind}`] }]);
    },
  );

  it.each(nowhere)('S-92 is settled by default: not after %s', async (_name, error) => {
    const { candidates } = createCandidates();
    expect(await reasonOf(failover(candidates, failing(error)))).toBe(error);
    expect(candidates[0]?.breaker.metrics()).toMatchObject({ failures: 0, ignored: 1 });
  });

  it('S-92 is for switchOn to say, which knows all that there is to know', async () => {
    const { candidates } = createCandidates();
    const [a, b] = candidates;
    const filtered = errorOf(400, { code: 'content_filter' });
    const switchOn = vi.fn(() => true);
    expect(await failover(candidates, failing(filtered), { switchOn })).toBe('of b');
    expect(switchOn.mock.calls).toEqual([[filtered, { kind: 'refusal', counts: false, from: a, to: b }]]);
    const down = errorOf(503);
    switchOn.mockReturnValue(false);
    expect(await reasonOf(failover(candidates, failing(down), { switchOn }))).toBe(down);
    expect(a?.breaker.metrics()).toMatchObject({ failures: 1, ignored: 1 });
    a?.breaker.trip();
    expect(await reasonOf(failover(candidates, failing(down), { switchOn }))).toMatchObject({ breaker: 'a' });
    expect(switchOn.mock.lastCall).toMatchObject([{}, { kind: 'rejected', counts: false }]);
  });

  it('S-92 is not asked where there is no next candidate, nor of an abort', async () => {
    const { candidates } = createCandidates(['a']);
    const switchOn = vi.fn(() => true);
    await reasonOf(failover(candidates, failing(errorOf(503)), { switchOn }));
    const signal = AbortSignal.abort('stop');
    const two = createCandidates().candidates;
    expect(await reasonOf(failover(two, failing(errorOf(503)), { switchOn, signal }))).toBe('stop');
    expect(switchOn).not.toHaveBeenCalled();
  });

  it('S-50 is settled by default where switchOn throws', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { candidates } = createCandidates();
    const switchOn = () => {
      throw new Error('a bug');
    };
    expect(await failover(candidates, failing(errorOf(503)), { switchOn })).toBe('of b');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('is settled by what counts where nothing is known of the kind', async () => {
    const [a, b] = ['a', 'b'].map((name) => ({ name, breaker: createBreaker({ name, excludedErrors: [TypeError] }) }));
    if (!a || !b) return expect.unreachable();
    expect(await failover([a, b], failing(errorOf(404)))).toBe('of b');
    const mistake = new TypeError('mistake');
    expect(await reasonOf(failover([a, b], failing(mistake)))).toBe(mistake);
  });
});

describe('who served', () => {
  it('is told with the number of calls and with why others were left', async () => {
    const { candidates } = createCandidates(['a', 'b', 'c']);
    candidates[0]?.breaker.trip();
    const served: object[] = [];
    const onServed = (event: Parameters<typeof inShort>[0]) => served.push(inShort(event));
    const fn = ({ name }: Candidate) => (name === 'b' ? Promise.reject(errorOf(503)) : name);
    expect(await failover(candidates, fn, { onServed })).toBe('c');
    expect(await failover(candidates.slice(2), fn, { onServed })).toBe('c');
    expect(served).toEqual([
      { by: 'c', attempts: 2, left: ['a: rejected', 'b: overloaded'] },
      { by: 'c', attempts: 1, left: [] },
    ]);
  });

  it('is told of a call past a circuit, too, and of none that failed', async () => {
    const { candidates } = createCandidates();
    for (const { breaker } of candidates) breaker.trip();
    const served: object[] = [];
    const onServed = (event: Parameters<typeof inShort>[0]) => served.push(inShort(event));
    expect(await failover(candidates, ({ name }) => name, { onServed, allOpen: 'probeEarliest' })).toBe('a');
    await reasonOf(failover(candidates, ({ name }) => name, { onServed }));
    expect(served).toEqual([{ by: 'a', attempts: 1, left: ['b: rejected'] }]);
  });
});
