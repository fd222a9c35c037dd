import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyModelError, modelCalls, modelErrorRules } from '../../../src/llm.ts';
import { runs } from '../../support/runs.ts';

const day = 86_400_000;
const now = () => Date.UTC(2026, 10, 24);

/** Whatever is thrown, what is said of it can be relied on. */
function expectSound(error: unknown): void {
  const { kind, counts, opensAtOnce, openFor, retryAfterMs } = classifyModelError(error, { now });
  expect(Object.keys(modelErrorRules)).toContain(kind);
  const rule = modelErrorRules[kind];
  expect(counts).toBe(rule.counts);
  if (!counts) expect([opensAtOnce, openFor]).toEqual([false, undefined]);
  if (rule.opensAtOnce === true) expect(opensAtOnce).toBe(true);
  if (rule.opensAtOnce === false) expect(opensAtOnce).toBe(false);
  if (openFor !== undefined) {
    expect(openFor).toBeGreaterThanOrEqual(1_000);
    expect(openFor).toBeLessThanOrEqual(kind === 'quota' ? day : 15 * 60_000);
  }
  if (retryAfterMs !== undefined) {
    expect(Number.isFinite(retryAfterMs)).toBe(true);
    expect(retryAfterMs).toBeGreaterThanOrEqual(0);
  }
  expect(classifyModelError(error, { now })).toEqual({ kind, counts, opensAtOnce, openFor, retryAfterMs });
  expect(typeof modelCalls().failureResult(error)).toBe('boolean');
}

const words = fc.constantFrom(
  'insufficient_quota',
  'rate_limit_exceeded',
  'overloaded_error',
  'AbortError',
  'ECONNRESET',
  'prompt is too long',
  'fetch failed',
  '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}',
  '[{',
  '1e400',
  '-1',
  '55s',
  '99999999999999999999',
  'Thu, 01 Jan 1970 00:00:00 GMT',
);
const numbers = fc.constantFrom(
  0,
  -1,
  200,
  400,
  401,
  429,
  499,
  503,
  529,
  600,
  -32001,
  Number.NaN,
  Number.POSITIVE_INFINITY,
);
const names = fc.constantFrom(
  ...['name', 'message', 'status', 'statusCode', 'code', 'type', 'error', 'data', 'body', 'details', 'cause'],
  ...['lastError', 'errors', 'headers', 'responseHeaders', 'responseBody', 'response', 'retry-after', 'retry-after-ms'],
  ...['retryDelay', 'quotaId', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'get', 'isError', 'content', 'choices'],
  ...['object', 'output', 'finishReason', 'candidates', 'constructor', 'violations', 'reason', '__proto__'],
  ...['status_code', 'httpResponse', 'rawResponse', '$response', '$metadata', 'metadata', 'detail', 'raw', 'date'],
  ...['retry_after', 'resets_at', 'resets_in_seconds', 'estimated_time', 'base_resp', 'success', 'error_code'],
  ...['error_msg', 'finish_reason', 'stop_reason', 'response_metadata', 'ratelimit', 'rawFinishReason'],
);
const { thrown } = fc.letrec((tie) => ({
  thrown: fc.oneof(
    { maxDepth: 6, depthSize: 'large' },
    words,
    numbers,
    fc.anything(),
    fc.array(tie('thrown'), { maxLength: 4 }),
    fc.dictionary(names, tie('thrown'), { maxKeys: 8 }),
    fc.dictionary(names, tie('thrown'), { maxKeys: 8 }).map((fields) => Object.assign(new Error('any'), fields)),
  ),
}));

describe('an error of any shape', () => {
  it('is judged soundly', () => {
    fc.assert(fc.property(thrown, expectSound), { numRuns: runs(3_000) });
  });

  it('is judged soundly where it contains itself', () => {
    const fields = fc.constantFrom('cause', 'lastError', 'error', 'data', 'response', 'headers', 'body', 'details');
    fc.assert(
      fc.property(fc.dictionary(names, thrown), fc.array(fields, { minLength: 1 }), (error, places) => {
        for (const place of places) Reflect.set(error, place, error);
        Reflect.set(error, 'errors', [error, [error], { cause: error }]);
        expectSound(error);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is judged soundly where its getters throw', () => {
    fc.assert(
      fc.property(fc.dictionary(names, thrown), fc.uniqueArray(names), (error, traps) => {
        for (const name of traps)
          Object.defineProperty(error, name, {
            enumerable: true,
            configurable: true,
            get: () => {
              throw new Error('trap');
            },
          });
        expectSound(error);
      }),
      { numRuns: runs(500) },
    );
  });

  const refuse = () => {
    throw new Error('trap');
  };
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const endless: object = new Proxy({}, { get: () => endless });
  const endlessText: object = new Proxy({}, { get: (_target, name) => (name === 'get' ? undefined : '{"error":{') });
  const growing: object = new Proxy({}, { get: (): object => new Proxy({}, { get: () => growing }) });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a symbol', Symbol('any')],
    ['a function', () => {}],
    ['a bigint', 1n],
    [
      'a proxy that refuses everything',
      new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse }),
    ],
    ['a revoked proxy', revoked],
    ['an error that is caused by a revoked proxy', new Error('any', { cause: revoked })],
    ['a proxy that is everything', endless],
    ['a proxy of texts', endlessText],
    ['a proxy that makes proxies', growing],
    ['headers that throw', { status: 429, headers: { get: refuse } }],
    ['headers that are a revoked proxy', { status: 429, headers: revoked, errors: revoked, cause: revoked }],
  ])('is judged soundly and soon: %s', (_title, error) => {
    expectSound(error);
  });

  it('is looked through up to a hundred errors', () => {
    const nest = (depth: number) => {
      let error: object = { status: 401 };
      for (let level = 0; level < depth; level += 1) error = new Error('wrapped', { cause: error });
      return error;
    };
    expect(classifyModelError(nest(99))).toMatchObject({ kind: 'auth' });
    expect(classifyModelError(nest(100))).toMatchObject({ kind: 'unknown' });
  });

  it('is judged soon, however long its message', () => {
    const pieces = [
      ...['{', '[', 'a'.repeat(3), '1.', 'exceeds model not found ', '1h', '1 s and ', 'try again in 1 ', 'model a'],
      ...[
        'exceeded your a b c ',
        'reached a b c d usage ',
        'limit 1 requested ',
        'credits have been ',
        'data: ',
        '5 秒 ',
      ],
    ];
    for (const piece of pieces) {
      const text = piece.repeat(1_000_000 / piece.length);
      // By the processor: a busy machine makes nothing slow by that.
      const started = process.cpuUsage();
      expectSound(Object.assign(new Error(text), { status: 429, headers: { 'retry-after': text }, retry_after: text }));
      expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000);
    }
  });

  it.each([
    [
      'an aborted getter that throws',
      {
        get aborted(): boolean {
          throw new Error('trap');
        },
      },
    ],
    [
      'a reason that throws',
      {
        aborted: true,
        get reason(): unknown {
          throw new Error('trap');
        },
      },
    ],
    ['a reason that refuses', { aborted: true, reason: revoked }],
  ])('is judged whatever the signal: %s', (_title, fields) => {
    const signal = new AbortController().signal;
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(fields)))
      Object.defineProperty(signal, name, property);
    expect(() => classifyModelError(new Error('any'), { signal })).not.toThrow();
  });
});
