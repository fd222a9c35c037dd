import { BrokenCircuitError, IsolatedCircuitError } from 'cockatiel';
import OpenAI from 'openai';
import CircuitBreaker from 'opossum';
import { describe, expect, it } from 'vitest';
import {
  CallTimeoutError,
  CircuitBreakerOpenError,
  createBreaker,
  PermitNotSettledError,
  SlowCallError,
} from '../../../src/index.ts';
import { classifyModelError } from '../../../src/llm.ts';
import { rejectionOf } from '../../provider/vendors.ts';

const rejected = { kind: 'rejected', counts: false, opensAtOnce: false, openFor: undefined, retryAfterMs: undefined };

async function rejection(): Promise<CircuitBreakerOpenError> {
  const breaker = createBreaker({ failureThreshold: 1 });
  const cause = Object.assign(new Error('401'), { status: 401, headers: { 'retry-after': '30' } });
  await rejectionOf(breaker.call(() => Promise.reject(cause)));
  const error = await rejectionOf(breaker.call(() => 'never'));
  if (!CircuitBreakerOpenError.isInstance(error)) throw error;
  return error;
}

describe('a rejection by a breaker', () => {
  it('does not count, whatever opened that breaker', async () => {
    expect(classifyModelError(await rejection())).toEqual(rejected);
  });

  it('is found where the openai client has wrapped it', async () => {
    const inner = await rejection();
    const client = new OpenAI({ apiKey: 'any', maxRetries: 0, fetch: () => Promise.reject(inner) });
    const error = await rejectionOf(client.models.list());
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(classifyModelError(error)).toEqual(rejected);
  });

  it('is known as the HTTP answer that it can be made, too', async () => {
    const answer = (await rejection()).toResponse();
    const client = new OpenAI({ apiKey: 'any', maxRetries: 0, fetch: async () => answer });
    const error = await rejectionOf(client.models.list());
    expect(error).toMatchObject({ status: 503, code: 'ERR_CIRCUIT_OPEN' });
    expect(classifyModelError(error)).toMatchObject({ kind: 'rejected', counts: false });
  });

  it('does not hide that another attempt failed', async () => {
    const errors = [await rejection(), Object.assign(new Error('down'), { status: 503 })];
    expect(classifyModelError(new AggregateError(errors))).toMatchObject({ kind: 'overloaded' });
    expect(classifyModelError(new AggregateError(errors.slice(0, 1)))).toEqual(rejected);
  });

  it('decides where it was the last attempt', async () => {
    const lastError = await rejection();
    const errors = [Object.assign(new Error('down'), { status: 503 }), lastError];
    expect(classifyModelError(Object.assign(new Error('retried'), { lastError, errors }))).toEqual(rejected);
  });

  it("can be opossum's", async () => {
    const breaker = new CircuitBreaker(() => Promise.reject(new Error('down')), { errorThresholdPercentage: 1 });
    await rejectionOf(breaker.fire());
    expect(classifyModelError(await rejectionOf(breaker.fire()))).toEqual(rejected);
  });

  it("can be cockatiel's", () => {
    expect(classifyModelError(new BrokenCircuitError())).toEqual(rejected);
    expect(classifyModelError(new IsolatedCircuitError())).toEqual(rejected);
  });
});

describe("this package's other errors", () => {
  it.each([
    ['a missed deadline', new CallTimeoutError('model', 10), 'timeout'],
    ['a slow call', new SlowCallError('model', 10, 5), 'timeout'],
    ['a permit that was not settled', new PermitNotSettledError('model'), 'unknown'],
  ])('%s counts', (_title, error, kind) => {
    expect(classifyModelError(error)).toMatchObject({ kind, counts: true, opensAtOnce: false });
  });

  it('S-44 a signal aborted by our own deadline is a timeout', () => {
    const signal = AbortSignal.abort(new CallTimeoutError('model', 10));
    expect(classifyModelError(new DOMException('', 'AbortError'), { signal })).toMatchObject({ kind: 'timeout' });
  });

  it('S-43 the reason of an abort may be anything', () => {
    for (const reason of ['stop', null, 0, new Error('timeout')])
      expect(classifyModelError(reason, { signal: AbortSignal.abort(reason) })).toMatchObject({ kind: 'aborted' });
  });
});
