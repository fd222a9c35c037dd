import { describe, expect, it } from 'vitest';
import { classifyModelError } from '../../../src/llm.ts';

const waiting = { 'retry-after': '33' };
const body = { error: { code: 'insufficient_quota', message: 'No.' } };

describe('what a client knows of a response', () => {
  it('S-97 is found in a real Response, as ky keeps it', () => {
    const response = new Response('{}', { status: 429, headers: waiting });
    const error = Object.assign(new Error('Request failed'), { name: 'HTTPError', response, request: {}, options: {} });
    expect(classifyModelError(error)).toMatchObject({ kind: 'rateLimit', openFor: 33_000 });
    const spent = Object.assign(new Error('Request failed'), {
      response: new Response('', { status: 429 }),
      data: body,
    });
    expect(classifyModelError(spent)).toMatchObject({ kind: 'quota' });
  });

  it('S-97 is found where it is not enumerable, as AWS hides it', () => {
    const error = new Error('Rate exceeded');
    Object.defineProperty(error, '$response', { value: { statusCode: 503, headers: waiting }, enumerable: false });
    expect(classifyModelError(error)).toMatchObject({ kind: 'overloaded', openFor: 33_000 });
  });

  it.each(['rawResponse', 'httpResponse', 'response', '$response'])(
    'S-97 is found in %s, as headers of any kind',
    (place) => {
      for (const headers of [
        waiting,
        new Headers(waiting),
        new Map(Object.entries(waiting)),
        { 'Retry-After': ['33'] },
      ])
        expect(classifyModelError({ [place]: { status: 503, headers } })).toMatchObject({ openFor: 33_000 });
    },
  );

  it.each([
    ['data', body],
    ['data', JSON.stringify(body)],
    ['body', body],
    ['body', JSON.stringify(body)],
  ])('S-97 is read from %s of the response, parsed or not', (place, value) => {
    expect(classifyModelError({ response: { status: 429, [place]: value } })).toMatchObject({ kind: 'quota' });
  });

  it('S-97 is not the status of a request that went well', () => {
    expect(classifyModelError({ response: { status: 200 }, message: 'any' })).toMatchObject({ kind: 'unknown' });
  });

  it('S-97 is no sentence: only what has no spaces is a code', () => {
    expect(classifyModelError({ status: 400, error: 'the monthly report' })).toMatchObject({ kind: 'badRequest' });
    expect(classifyModelError({ status: 400, error: 'safety' })).toMatchObject({ kind: 'refusal' });
  });
});

describe('a header with several values', () => {
  it.each([
    ['retry-after', '30, 45', 45_000],
    ['retry-after', '45,30', 45_000],
    ['retry-after', ['30', '45'], 45_000],
    ['retry-after', '30, soon', 30_000],
    ['retry-after', 'Tue, 24 Nov 2026 12:00:30 GMT, Tue, 24 Nov 2026 12:00:50 GMT', 50_000],
    ['retry-after-ms', '3000, 4000', 4_000],
  ])('S-97 is read by the longest: %s: %s', (name, value, openFor) => {
    const now = () => Date.UTC(2026, 10, 24, 12);
    expect(classifyModelError({ status: 503, headers: { [name]: value } }, { now })).toMatchObject({ openFor });
  });
});
