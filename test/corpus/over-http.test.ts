import { describe, expect, it, vi } from 'vitest';
import { breakerFetch } from '../../src/fetch.ts';
import { answers } from './corpus.ts';
import { createCaseBreaker, outcomeOf, rightOutcomeOf } from './outcome.ts';
import { serveCase } from './serve-case.ts';

describe('breakerFetch', () => {
  it.each(answers)('S-97 judges a response: $name', async (one) => {
    const breaker = createCaseBreaker();
    const url = await serveCase(one.answer);
    const response = await breakerFetch(breaker)(url);
    const { chunks, body } = one.answer;
    // Whatever is made of it, it stays as it is.
    expect(await response.text()).toBe(chunks?.join('') ?? JSON.stringify(body));
    await vi.waitFor(() => expect(breaker.metrics().inFlight).toBe(0));
    expect(outcomeOf(breaker)).toEqual(rightOutcomeOf(one));
    const { openFor } = one.judged;
    if (openFor !== undefined) expect(breaker.metrics()).toMatchObject({ state: 'open', waitMs: openFor });
  });
});
