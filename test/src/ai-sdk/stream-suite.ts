import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import type { Fault, Provider } from '../../../examples/provider/index.ts';
import { circuitBreakerMiddleware, type StreamLimits } from '../../../src/ai-sdk.ts';
import type { CircuitBreaker } from '../../../src/breaker/circuit-breaker.ts';
import { modelCalls } from '../../../src/llm.ts';
import { reply, startTestProvider } from '../../provider/vendors.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { unhandledRejectionsOf } from '../judging/unhandled-rejections.ts';
import { readAll, type Sdk } from './sdk.ts';

/** What a fault of the provider comes to. */
interface StreamCase {
  readonly name: string;
  readonly fault: Fault;
  readonly limits?: StreamLimits;
  readonly text: string;
  /** What the consumer is told. */
  readonly error?: unknown;
  /** What counts for the circuit; undefined: nothing does. */
  readonly counted?: unknown;
}

const timeout = { code: 'ERR_CALL_TIMEOUT' };
const cutOff = { name: 'AI_InvalidResponseDataError' };
const cases: readonly StreamCase[] = [
  {
    name: 'status',
    fault: { kind: 'status', status: 503 },
    text: '',
    error: { statusCode: 503 },
    counted: { statusCode: 503 },
  },
  { name: 'bad request', fault: { kind: 'status', status: 400 }, text: '', error: { statusCode: 400 } },
  {
    name: 'connection reset',
    fault: { kind: 'connectionReset' },
    text: '',
    error: {},
    counted: { name: 'AI_APICallError' },
  },
  {
    name: 'slow headers',
    fault: { kind: 'slowHeaders', delayMs: 30 },
    limits: { firstItemTimeout: 5_000 },
    text: reply,
  },
  {
    name: 'no headers',
    fault: { kind: 'noHeaders' },
    limits: { firstItemTimeout: 50 },
    text: '',
    error: timeout,
    counted: timeout,
  },
  {
    name: 'no first token',
    fault: { kind: 'noFirstToken' },
    limits: { firstItemTimeout: 50 },
    text: '',
    error: timeout,
    counted: timeout,
  },
  {
    name: 'no first token',
    fault: { kind: 'noFirstToken' },
    limits: { idleTimeout: 50 },
    text: '',
    error: timeout,
    counted: timeout,
  },
  {
    name: 'stall',
    fault: { kind: 'stall', afterChunks: 2 },
    limits: { firstItemTimeout: 5_000, idleTimeout: 200 },
    text: 'The quick',
    error: timeout,
    counted: timeout,
  },
  { name: 'cut off', fault: { kind: 'cutOff', afterChunks: 2 }, text: 'The quick', error: cutOff, counted: cutOff },
  {
    name: 'cut off before any content',
    fault: { kind: 'cutOff', afterChunks: 0 },
    text: '',
    error: cutOff,
    counted: cutOff,
  },
  {
    name: 'abrupt cut off',
    fault: { kind: 'cutOff', afterChunks: 2, abrupt: true },
    text: 'The quick',
    error: {},
    counted: {},
  },
  {
    name: 'error in the stream',
    fault: { kind: 'streamError', afterChunks: 2 },
    text: 'The quick',
    error: { type: 'server_error' },
    counted: { type: 'server_error' },
  },
  {
    name: 'error in the stream that does not count',
    fault: { kind: 'streamError', afterChunks: 2, errorType: 'invalid_request_error', code: 'content_filter' },
    text: 'The quick',
    error: { code: 'content_filter' },
  },
  { name: 'empty answer', fault: { kind: 'empty' }, text: '', counted: {} },
  {
    name: 'slow answer',
    fault: { kind: 'slow', delayMs: 20, chunkDelayMs: 5 },
    limits: { idleTimeout: 5_000 },
    text: reply,
  },
];

/** What holds for `streamText` in every version. */
export function streamSuite<Model>(sdk: Sdk<Model>): void {
  const guard = (provider: Provider, breaker: CircuitBreaker, limits?: StreamLimits) =>
    sdk.wrap(sdk.model(provider.baseUrl), circuitBreakerMiddleware(breaker, limits));

  describe(`streamText of ${sdk.name} through a circuit`, () => {
    it('passes every part on as it is, and counts a success', async () => {
      const provider = await startTestProvider();
      const breaker = createBreaker(modelCalls());
      const bare = await readAll(sdk.stream(sdk.model(provider.baseUrl)));
      expect(await readAll(sdk.stream(guard(provider, breaker)))).toEqual(bare);
      expect(bare.text).toBe(reply);
      expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1 });
    });

    it('is not made during an outage, and is made again after a trial that went well', async () => {
      const provider = await startTestProvider({ fault: { kind: 'streamError', afterChunks: 2 } });
      const clock = createTestClock();
      const breaker = createBreaker({ clock, failureThreshold: 3, recoveryTimeout: 30_000, ...modelCalls() });
      const model = guard(provider, breaker);
      for (let call = 0; call < 3; call++) await readAll(sdk.stream(model));
      expect(breaker.state).toBe('open');
      for (let call = 0; call < 5; call++) {
        const { errors } = await readAll(sdk.stream(model));
        expect(errors.map(CircuitBreakerOpenError.isInstance)).toEqual([true]);
      }
      expect(provider.requestCount).toBe(3);
      provider.setFault(undefined);
      clock.advance(30_000);
      expect(await readAll(sdk.stream(model))).toMatchObject({ text: reply, errors: [] });
      expect(breaker.state).toBe('closed');
      expect(provider.requestCount).toBe(4);
    });

    it.each(cases)('$name ($fault.kind) counts as it should', async ({ fault, limits, text, error, counted }) => {
      const provider = await startTestProvider({ fault });
      const breaker = createBreaker(modelCalls());
      const failures: unknown[] = [];
      breaker.on('failure', (failure) => failures.push(failure));
      let seen: Awaited<ReturnType<typeof readAll>> | undefined;
      const unhandled = await unhandledRejectionsOf(async () => {
        seen = await readAll(sdk.stream(guard(provider, breaker, limits)));
      });
      expect(unhandled).toEqual([]);
      expect(seen?.text).toBe(text);
      expect(seen?.errors).toMatchObject(error === undefined ? [] : [error]);
      expect(failures).toMatchObject(counted === undefined ? [] : [counted]);
      expect(breaker.metrics().calls).toBe(1);
      if (limits && counted) await expect.poll(() => provider.requests).toMatchObject([{ aborted: true }]);
    });

    it('holds the slot of a trial until the stream has ended', async () => {
      const provider = await startTestProvider();
      const clock = createTestClock();
      const breaker = createBreaker({ clock, ...modelCalls() });
      const model = guard(provider, breaker);
      breaker.trip();
      clock.advance(60_000);
      const states: string[] = [];
      const seen = await readAll(sdk.stream(model), (part) => {
        if (part.type === 'text-delta') states.push(breaker.state);
      });
      expect(seen.text).toBe(reply);
      expect(states[0]).toBe('halfOpen');
      expect(breaker.state).toBe('closed');
    });

    it('gives the slot of a trial that nobody reads back when its lease is over', async () => {
      const provider = await startTestProvider({ fault: { kind: 'stall', afterChunks: 2 } });
      const clock = createTestClock();
      const breaker = createBreaker({ clock, trialTimeout: 10_000, ...modelCalls() });
      const model = guard(provider, breaker);
      breaker.trip();
      clock.advance(60_000);
      const abandoned = sdk.stream(model)[Symbol.asyncIterator]();
      const unhandled = await unhandledRejectionsOf(async () => {
        await abandoned.next();
        await expect.poll(() => provider.requestCount).toBe(1);
        expect(breaker.tryAcquire()).toBeUndefined();
        clock.advance(10_000);
        provider.setFault(undefined);
        expect(await readAll(sdk.stream(model))).toMatchObject({ text: reply });
      });
      expect(breaker.state).toBe('closed');
      expect(unhandled).toEqual([]);
    });
  });
}
