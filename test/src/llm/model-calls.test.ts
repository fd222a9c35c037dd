import { createTestClock } from 'agent-circuit-breaker/testing';
import { describe, expect, it } from 'vitest';
import { BreakerOptionsError, createBreaker, createBreakerMachine, createBreakerRegistry } from '../../../src/index.ts';
import { classifyModelError, type ModelCallsOptions, modelCalls, modelErrorRules } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { status } from './judgement-suite.ts';
import { openAiClient } from './model-clients.ts';

const minute = 60_000;
const down = Object.assign(new Error('down'), { status: 503 });
const fail = (error: unknown) => () => Promise.reject(error);

async function start(options: Parameters<typeof modelCalls>[0] = {}) {
  const clock = createTestClock();
  const provider = await startTestProvider();
  const breaker = createBreaker({
    clock,
    failureThreshold: 3,
    recoveryTimeout: 30_000,
    ...modelCalls({ jitter: 0, ...options }),
  });
  return { clock, provider, breaker, ask: () => breaker.call(() => openAiClient.ask(provider)) };
}

describe('a breaker of model calls', () => {
  it('opens at once on an exhausted quota, for a quarter of an hour', async () => {
    const { clock, provider, breaker, ask } = await start();
    provider.setFault(status(429, { code: 'insufficient_quota' }));
    await rejectionOf(ask());
    expect(breaker.state).toBe('open');
    expect(breaker.metrics()).toMatchObject({ lastFailure: { kind: 'quota', status: 429 } });
    expect(await rejectionOf(ask())).toMatchObject({ retryAfterMs: 15 * minute });
    clock.advance(15 * minute - 1);
    expect(breaker.state).toBe('open');
    clock.advance(1);
    expect(breaker.state).toBe('halfOpen');
    expect(provider.requestCount).toBe(1);
  });

  it('tells an empty answer by its kind', () => {
    const empty = { object: 'chat.completion', choices: [{ finish_reason: 'stop', message: { content: '' } }] };
    const breaker = createBreaker({ ...modelCalls() });
    breaker.callSync(() => empty);
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'emptyResponse' } });
  });

  it('opens at once on a wrong key, for five minutes', async () => {
    const { provider, breaker, ask } = await start();
    provider.setFault(status(401));
    await rejectionOf(ask());
    expect(breaker.state).toBe('open');
    expect(await rejectionOf(ask())).toMatchObject({ retryAfterMs: 5 * minute });
  });

  it('opens at once on a rate limit that asks for a long wait, and waits as long', async () => {
    const { provider, breaker, ask } = await start();
    provider.setFault(status(429, { headers: { 'retry-after': '42' } }));
    await rejectionOf(ask());
    expect(await rejectionOf(ask())).toMatchObject({ retryAfterMs: 42_000 });
    expect(breaker.metrics()).toMatchObject({ lastFailure: { kind: 'rateLimit' } });
  });

  it('opens after as many overloads as the threshold says, and waits as the last one says', async () => {
    const { provider, breaker, ask } = await start();
    provider.setFault(status(503, { headers: { 'retry-after': '120' } }));
    await rejectionOf(ask());
    await rejectionOf(ask());
    expect(breaker.state).toBe('closed');
    await rejectionOf(ask());
    expect(await rejectionOf(ask())).toMatchObject({ reason: 'open', retryAfterMs: 120_000 });
  });

  it.each([400, 403, 404, 413, 422])('stays closed however many requests end with status %i', async (code) => {
    const { provider, breaker, ask } = await start();
    provider.setFault(status(code));
    for (let count = 0; count < 10; count += 1) expect(await rejectionOf(ask())).toMatchObject({ status: code });
    expect(breaker.state).toBe('closed');
    expect(breaker.metrics()).toMatchObject({ consecutiveFailures: 0, failureRate: 0, lastFailure: null });
  });

  it('counts answers that say nothing, and gives them to their callers', async () => {
    const { provider, breaker, ask } = await start();
    provider.setFault({ kind: 'empty' });
    for (let count = 0; count < 3; count += 1)
      expect(await ask()).toMatchObject({ choices: [{ message: { content: '' } }] });
    expect(breaker.state).toBe('open');
  });

  it('closes again once the provider is well', async () => {
    const { clock, provider, breaker, ask } = await start();
    provider.answerWith(status(401));
    await rejectionOf(ask());
    clock.advance(5 * minute);
    await ask();
    expect(breaker.state).toBe('closed');
  });

  it('can be one of a registry, or a machine', async () => {
    const { classifyError } = modelCalls();
    const clock = createTestClock();
    const registry = createBreakerRegistry({ clock, ...modelCalls() });
    await rejectionOf(registry.get('openai').call(fail({ status: 401 })));
    expect(registry.get('openai').state).toBe('open');
    expect(() => createBreakerMachine({ classifyError })).not.toThrow();
  });
});

describe('a rule of modelCalls', () => {
  it('is changed in one line, and only there', () => {
    const { classifyError } = modelCalls({ rules: { auth: { counts: false } } });
    expect(classifyError({ status: 401 })).toEqual({
      kind: 'auth',
      counts: false,
      opensAtOnce: false,
      openFor: undefined,
    });
    expect(classifyError({ status: 402 })).toMatchObject({ kind: 'quota', opensAtOnce: true });
    expect(modelErrorRules.auth.counts).toBe(true);
    expect(modelCalls().classifyError({ status: 401 })).toMatchObject({ counts: true });
  });

  it('keeps the fields that are left out or undefined', () => {
    const { classifyError } = modelCalls({ rules: { auth: { defaultWaitMs: 1_000, counts: undefined } } });
    expect(classifyError({ status: 401 })).toEqual({ kind: 'auth', counts: true, opensAtOnce: true, openFor: 1_000 });
  });

  it('can open at once, always or from a hint on', () => {
    const headers = { 'retry-after': '5' };
    const judge = (opensAtOnce: boolean | number) =>
      modelCalls({ jitter: 0, rules: { overloaded: { opensAtOnce, longestWaitMs: 2_000 } } }).classifyError({
        status: 503,
        headers,
      });
    expect(judge(true)).toMatchObject({ opensAtOnce: true, openFor: 2_000 });
    expect(judge(5_000)).toMatchObject({ opensAtOnce: true });
    expect(judge(5_001)).toMatchObject({ opensAtOnce: false });
    expect(judge(false)).toMatchObject({ opensAtOnce: false });
  });

  it('can let empty answers pass', () => {
    const { failureResult } = modelCalls({ rules: { emptyResponse: { counts: false } } });
    expect(failureResult({ object: 'chat.completion', choices: [] })).toBe(false);
  });

  it('is given a clock for dates', () => {
    const { classifyError } = modelCalls({ jitter: 0, now: () => Date.UTC(2026, 0, 1) });
    const headers = { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' };
    expect(classifyError(Object.assign(down, { headers }))).toMatchObject({ openFor: minute });
  });
});

describe('the jitter of modelCalls', () => {
  const waitOf = (options: ModelCallsOptions, seconds: number, more: object = {}) =>
    modelCalls(options).classifyError({ status: 503, headers: { 'retry-after': `${seconds}` }, ...more }).openFor;

  it.each<[string, ModelCallsOptions, number, number]>([
    ['by up to a tenth', { random: () => 0.999 }, 20, 21_998],
    ['by nothing, where chance says so', { random: () => 0 }, 20, 20_000],
    ['by the share that is given', { jitter: 0.5, random: () => 0.5 }, 8, 10_000],
    ['by at most 5 s', { jitter: 1, random: () => 0.5 }, 800, 802_500],
    ['not at all where it is turned off', { jitter: 0, random: () => 0.9 }, 20, 20_000],
    ['after it was limited', { random: () => 0.5 }, 36_000, 15 * minute + 2_500],
  ])('S-97 lengthens a wait that is asked for %s', (_title, options, seconds, wait) => {
    expect(waitOf(options, seconds)).toBe(wait);
  });

  it('S-97 is drawn by the system, also where what is given in its place is broken', () => {
    const broken = () => {
      throw new Error('a bug');
    };
    for (const random of [undefined, broken, () => 7, () => Number.NaN]) {
      const waits = Array.from({ length: 200 }, () => Number(waitOf({ random }, 20)));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(20_000);
      expect(Math.max(...waits)).toBeLessThanOrEqual(22_000);
      expect(new Set(waits).size).toBeGreaterThan(20);
    }
  });

  it('S-97 is not put on a wait that nobody has asked for, nor does it open anything', () => {
    const { classifyError } = modelCalls({ random: () => 0.9 });
    expect(classifyError({ status: 401 })).toMatchObject({ openFor: 5 * minute });
    expect(classifyError({ status: 402 })).toMatchObject({ openFor: 15 * minute });
    expect(classifyError({ status: 500 }).openFor).toBeUndefined();
    const headers = { 'retry-after': '9.9' };
    expect(classifyError({ status: 429, headers })).toMatchObject({ opensAtOnce: false, openFor: 10_791 });
    expect(classifyModelError({ status: 429, headers }).openFor).toBe(9_900);
  });

  it('S-97 never makes a wait that is longer than a timer can be', () => {
    const rules = { overloaded: { longestWaitMs: 2_147_483_647 } };
    expect(waitOf({ rules, random: () => 0.9 }, 3_000_000)).toBe(2_147_483_647);
  });
});

describe('an option of modelCalls that is wrong', () => {
  it.each<[string, object, string]>([
    ['an unknown kind', { rules: { oauth: {} } }, '"oauth" is not an option here'],
    ['a kind with a typing slip', { rules: { timeouts: {} } }, 'Did you mean timeout?'],
    ['an unknown field', { rules: { auth: { count: false } } }, 'In rules.auth, "count" is not an option here'],
    ['a rule that is none', { rules: { auth: false } }, 'rules.auth must be an object, but was false'],
    ['counts', { rules: { auth: { counts: 'no' } } }, 'rules.auth.counts must be true or false, but was "no"'],
    [
      'opensAtOnce',
      { rules: { auth: { opensAtOnce: 'yes' } } },
      'rules.auth.opensAtOnce must be true, false or a duration',
    ],
    ['opensAtOnce', { rules: { auth: { opensAtOnce: 0 } } }, 'rules.auth.opensAtOnce must be a duration'],
    ['defaultWaitMs', { rules: { auth: { defaultWaitMs: 0 } } }, 'rules.auth.defaultWaitMs must be a duration'],
    [
      'longestWaitMs',
      { rules: { quota: { longestWaitMs: Number.NaN } } },
      'rules.quota.longestWaitMs must be a duration',
    ],
    ['rules', { rules: [] }, 'rules must be an object, but was an array'],
    ['now', { now: 5 }, 'now must be a function, but was 5'],
    ['jitter', { jitter: 1.5 }, 'jitter must be a number from 0 to 1, but was 1.5'],
    ['random', { random: 0.5 }, 'random must be a function, but was 0.5'],
    ['an unknown option', { rule: {} }, 'Did you mean rules?'],
  ])('is named: %s', (_title, options, message) => {
    expect(() => modelCalls(options)).toThrow(BreakerOptionsError);
    expect(() => modelCalls(options)).toThrow(message);
  });
});
