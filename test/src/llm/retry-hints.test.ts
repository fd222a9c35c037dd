import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { classifyModelError } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { status } from './judgement-suite.ts';
import { aiClient, anthropicClient, openAiClient } from './model-clients.ts';

const minute = 60_000;
const present = Date.UTC(2026, 10, 24, 12, 0, 0);
const now = () => present;
const httpDate = (ms: number) => new Date(present + ms).toUTCString();
const isoDate = (ms: number) => new Date(present + ms).toISOString();

type Headers = Readonly<Record<string, string>>;

/** What the server's own clock says, by which its dates are meant. */
const date = httpDate(0);

async function judge(code: number, headers: Headers, more: object = {}) {
  const provider = await startTestProvider({ fault: status(code, { headers: { date, ...headers }, ...more }) });
  const { retryAfterMs, openFor, opensAtOnce, kind } = classifyModelError(
    await rejectionOf(openAiClient.ask(provider)),
    { now },
  );
  return { retryAfterMs, openFor, opensAtOnce, kind };
}

describe('the wait that a provider asks for', () => {
  it.each<[string, Headers, number]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a fraction of seconds', { 'retry-after': '1.5' }, 1_500],
    ['a duration with its unit', { 'retry-after': '55s' }, 55_000],
    ['a date of HTTP', { 'retry-after': httpDate(90_000) }, 90_000],
    ['a date of RFC 3339', { 'retry-after': isoDate(90_000) }, 90_000],
    ['milliseconds, which are more precise', { 'retry-after-ms': '1234', 'retry-after': '2' }, 1_234],
    ['seconds where the milliseconds are garbage', { 'retry-after-ms': 'soon', 'retry-after': '2' }, 2_000],
    ['seconds where the milliseconds are 0', { 'retry-after-ms': '0', 'retry-after': '2' }, 2_000],
    [
      'Retry-After before any limit',
      { 'retry-after': '3', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' },
      3_000,
    ],
    [
      "the reset of OpenAI's limit that is exhausted",
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '6m0s',
        'x-ratelimit-remaining-tokens': '17',
        'x-ratelimit-reset-tokens': '8m0s',
      },
      6 * minute,
    ],
    [
      'the later reset where both are exhausted',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '1m2.5s',
      },
      62_500,
    ],
    ['a reset in seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '12' }, 12_000],
    [
      'a reset as an instant in seconds',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${present / 1_000 + 12}` },
      12_000,
    ],
    [
      'a reset as an instant in milliseconds',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${present + 12_000}` },
      12_000,
    ],
  ])('can be %s', async (_title, headers, expected) => {
    expect(await judge(429, headers)).toMatchObject({ retryAfterMs: expected, openFor: expected, kind: 'rateLimit' });
  });

  it('can be in an object of headers, whatever their case', async () => {
    const fault = status(503, { headers: { 'Retry-After': '30' } });
    const provider = await startTestProvider({ fault });
    const error = await rejectionOf(aiClient.ask(provider));
    expect(error).toHaveProperty(['responseHeaders', 'retry-after'], '30');
    expect(classifyModelError(error)).toMatchObject({ openFor: 30_000 });
    const upperCase = { status: 503, headers: { 'RETRY-AFTER': ['30'] } };
    expect(classifyModelError(upperCase)).toMatchObject({ openFor: 30_000 });
    expect(classifyModelError({ response: { status: 503, headers: new Map([['retry-after', 30]]) } })).toMatchObject({
      openFor: 30_000,
    });
  });

  it("is the latest reset of Anthropic's limits that are exhausted", async () => {
    const headers = {
      date,
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': isoDate(20_000),
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': isoDate(5_000),
      'anthropic-ratelimit-output-tokens-remaining': '10',
      'anthropic-ratelimit-output-tokens-reset': isoDate(50_000),
    };
    const provider = await startTestProvider({ fault: status(429, { headers }) });
    const error = await rejectionOf(anthropicClient.ask(provider));
    expect(classifyModelError(error, { now })).toMatchObject({ openFor: 20_000, opensAtOnce: true });
  });

  it('is read from limits that are numbers', () => {
    const headers = { 'x-ratelimit-remaining': 0, 'x-ratelimit-reset': 12 };
    expect(classifyModelError({ status: 429, headers })).toMatchObject({ openFor: 12_000 });
    const durations = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1d1h1m1s20ms' };
    expect(classifyModelError({ status: 429, headers: durations })).toMatchObject({ retryAfterMs: 90_061_020 });
  });

  it('is not that of another attempt', () => {
    const errors = [{ status: 429, headers: { 'retry-after': '30' } }];
    expect(classifyModelError({ status: 503, errors })).toMatchObject({ kind: 'overloaded', openFor: undefined });
  });

  it('is read from an object of Protocol Buffers, too', () => {
    const error = { status: 429, details: [{ retryDelay: { seconds: '30', nanos: 0 } }] };
    expect(classifyModelError(error)).toMatchObject({ openFor: 30_000 });
  });

  it('is found in an error that is wrapped without its headers', () => {
    const cause = { status: 429, headers: { 'retry-after': '30' } };
    expect(classifyModelError(Object.assign(new Error('wrapped', { cause }), { status: 429 }))).toMatchObject({
      openFor: 30_000,
    });
  });
});

describe('a date without a zone', () => {
  it.each(['America/New_York', 'Asia/Tokyo', 'UTC'])('S-97 is in UTC, also where it is %s', (zone) => {
    vi.stubEnv('TZ', zone);
    onTestFinished(() => void vi.unstubAllEnvs());
    const headers = { 'retry-after': 'Tue Nov 24 12:01:30 2026' };
    expect(classifyModelError({ status: 503, headers }, { now })).toMatchObject({ openFor: 90_000 });
    const message = 'Your access is back at 2026-11-24 12:02';
    expect(classifyModelError({ status: 503, message }, { now })).toMatchObject({ openFor: 120_000 });
  });
});

describe('a hint that cannot be trusted', () => {
  it.each<[string, Headers, number | undefined]>([
    ['none', {}, undefined],
    ['0', { 'retry-after': '0' }, 0],
    ['a date in the past', { 'retry-after': httpDate(-5_000) }, 0],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['words', { 'retry-after': 'try 5' }, undefined],
    ['nothing', { 'retry-after': '' }, undefined],
    ['not a number', { 'retry-after': 'NaN' }, undefined],
    ['infinity', { 'retry-after': 'Infinity' }, undefined],
    ['more than a number can be', { 'retry-after': '1e400' }, undefined],
    ['more digits than a number can be', { 'retry-after': '9'.repeat(400) }, undefined],
    ['a date that is none', { 'retry-after': 'Mon, 99 Foo 2026 99:99:99 GMT' }, undefined],
    ['a limit that is not exhausted', { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '12' }, undefined],
    ['a limit without what remains of it', { 'x-ratelimit-reset': '12' }, undefined],
    [
      'the reset of an exhausted limit in garbage',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1x' },
      undefined,
    ],
  ])('is not waited for: %s', async (_title, headers, retryAfterMs) => {
    expect(await judge(429, headers)).toEqual({
      retryAfterMs,
      openFor: undefined,
      opensAtOnce: false,
      kind: 'rateLimit',
    });
  });

  it.each<[string, string, number, number]>([
    ['20 ms is a second', '0.02', 20, 1_000],
    ['just under a quarter of an hour is waited for', '899', 899_000, 899_000],
    ['10 h is a quarter of an hour', '36000', 36_000_000, 15 * minute],
    ['2^40 s is a quarter of an hour', `${2 ** 40}`, 2 ** 40 * 1_000, 15 * minute],
  ])('is limited: %s', async (_title, value, retryAfterMs, openFor) => {
    expect(await judge(503, { 'retry-after': value })).toMatchObject({ retryAfterMs, openFor, kind: 'overloaded' });
    expect(await judge(429, { 'retry-after': value })).toMatchObject({ retryAfterMs, openFor, kind: 'rateLimit' });
    expect(await judge(500, { 'retry-after': value })).toMatchObject({ retryAfterMs, openFor, kind: 'serverError' });
    const headers = { 'retry-after': value };
    expect(classifyModelError({ code: 'own', headers })).toMatchObject({ retryAfterMs, openFor, kind: 'unknown' });
  });

  it.each([408, 401])('is not waited for where the rule does not: status %i', async (code) => {
    expect(await judge(code, { 'retry-after': '7' })).toMatchObject({
      retryAfterMs: 7_000,
      openFor: code === 401 ? 5 * minute : undefined,
    });
  });
});

describe('a rate limit', () => {
  it.each([
    ['9.999', false],
    ['10', true],
    ['11', true],
  ])('that asks for %s s opens at once: %s', async (seconds, opensAtOnce) => {
    expect(await judge(429, { 'retry-after': seconds })).toMatchObject({ kind: 'rateLimit', opensAtOnce });
  });
});

describe('an exhausted quota', () => {
  const code = 'insufficient_quota';

  it.each([
    ['60', 'rateLimit', minute],
    ['60.001', 'quota', 60_001],
    ['86400', 'quota', 86_400_000],
    ['86401', 'quota', 86_400_000],
    ['9999999999', 'quota', 86_400_000],
    ['0', 'quota', 15 * minute],
    ['garbage', 'quota', 15 * minute],
  ])('with a hint of %s s is a %s that opens for %i ms', async (seconds, kind, openFor) => {
    expect(await judge(429, { 'retry-after': seconds }, { code })).toMatchObject({ kind, openFor, opensAtOnce: true });
  });

  it('stays one where only the limits of the next minute are reset soon', async () => {
    const headers = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' };
    expect(await judge(429, headers, { code })).toMatchObject({ kind: 'quota', openFor: 15 * minute });
  });
});

describe('the clock', () => {
  it.each([
    [
      'that throws',
      () => {
        throw new Error('no time');
      },
    ],
    ['that tells no number', () => Number.NaN],
  ])('%s is replaced by the wall clock', (_title, broken) => {
    const headers = { 'retry-after': new Date(Date.now() + minute).toUTCString() };
    const { openFor } = classifyModelError({ status: 503, headers }, { now: broken });
    expect(openFor).toBeGreaterThan(50_000);
    expect(openFor).toBeLessThanOrEqual(minute);
  });
});
