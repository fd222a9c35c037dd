import { createBreaker, failover } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { breakerFetch } from '../../../src/fetch.ts';
import { reasonOf } from '../../support/calls.ts';
import { createCandidates, errorOf, inShort } from './candidates.ts';

const inner = createBreaker({ name: 'inner' });
inner.trip();
const rejection = await reasonOf(inner.call(() => 'never'));
const answer = { error: { message: 'open', type: 'circuit_open', code: 'ERR_CIRCUIT_OPEN' } };
const wrapped = (details: object) => Object.assign(new Error('wrapped'), details);

const rejections: readonly [string, unknown][] = [
  ['the rejection itself', rejection],
  ['its cause', wrapped({ cause: wrapped({ cause: rejection }) })],
  ['the last error of several attempts', wrapped({ lastError: rejection, errors: [new Error('down'), rejection] })],
  ['all of several attempts', new AggregateError([rejection, rejection])],
  ['a code, as the OpenAI client reads it', wrapped({ status: 503, code: 'ERR_CIRCUIT_OPEN' })],
  ['a body, as the Anthropic client keeps it', wrapped({ status: 503, error: answer })],
  ['a body, as the AI SDK keeps it', wrapped({ statusCode: 503, responseBody: JSON.stringify(answer) })],
  ['a body, as axios keeps it', wrapped({ response: { status: 503, data: answer } })],
];

const others: readonly [string, unknown][] = [
  ['one failed attempt of several', new AggregateError([errorOf(503), rejection])],
  ['another code', wrapped({ status: 503, code: 'ERR_OPEN', responseBody: '{}' })],
  [
    'an error around itself',
    Object.assign(wrapped({}), {
      get cause() {
        return this;
      },
    }),
  ],
  [
    'an error that cannot be read',
    new Proxy(new Error('hidden'), {
      get: (_target, name) => {
        if (name === 'then') return undefined;
        throw new Error('no');
      },
    }),
  ],
];

describe('a rejection by a breaker further in', () => {
  it.each(rejections)('S-91 is known by %s, and the next candidate is asked at once', async (_name, error) => {
    const { candidates } = createCandidates();
    const served: object[] = [];
    const fn = ({ name }: { name: string }) => (name === 'a' ? Promise.reject(error) : 'of b');
    const options = { retries: 2, onServed: (event: Parameters<typeof inShort>[0]) => served.push(inShort(event)) };
    expect(await failover(candidates, fn, options)).toBe('of b');
    expect(served).toEqual([{ by: 'b', attempts: 1, left: ['a: rejected'] }]);
  });

  it.each(others)('S-91 is not made of %s', async (_name, error) => {
    const { candidates } = createCandidates();
    const kinds: unknown[] = [];
    const switchOn = (_error: unknown, { kind }: { kind: string | undefined }) => kinds.push(kind) < 0;
    expect(await reasonOf(failover(candidates, () => Promise.reject(error), { switchOn }))).toBe(error);
    expect(kinds).not.toContain('rejected');
  });

  it('S-91 is thrown as it came where there is no other candidate', async () => {
    const [, error] = rejections[1] ?? [];
    const { candidates } = createCandidates(['a']);
    expect(await reasonOf(failover(candidates, () => Promise.reject(error)))).toBe(error);
    const probing = { allOpen: 'probeEarliest' } as const;
    expect(await reasonOf(failover(candidates, () => Promise.reject(error), probing))).toBe(error);
  });

  it.each(['throw', 'response'] as const)(
    'S-91 is known where the OpenAI client has made of it what it makes (%s)',
    async (onOpen) => {
      const fetch = breakerFetch(inner, { onOpen });
      const client = new OpenAI({ apiKey: 'any', maxRetries: 0, fetch });
      const { candidates } = createCandidates();
      const started = performance.now();
      const fn = async ({ name }: { name: string }) => (name === 'a' ? (await client.models.list()).data : 'of b');
      expect(await failover(candidates, fn, { retries: 2 })).toBe('of b');
      expect(performance.now() - started).toBeLessThan(400);
      expect(candidates.map(({ breaker }) => breaker.metrics().failures)).toEqual([0, 0]);
    },
  );
});
