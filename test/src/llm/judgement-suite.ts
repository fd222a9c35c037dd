import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { classifyModelError, type ModelErrorClassification, type ModelErrorKind } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import type { AskOptions, ModelClient } from './model-clients.ts';

/** A fault of the provider, and what the error that the client makes of it is judged to be. */
export type JudgedFault = readonly [title: string, fault: Fault, expected: Partial<ModelErrorClassification>];

/** What differs between the clients. */
export interface JudgementSuite {
  readonly client: ModelClient;
  /** Faults in the words of this vendor, asked for in one piece. */
  readonly faults: readonly JudgedFault[];
  /** Faults inside a stream. */
  readonly streamFaults: readonly JudgedFault[];
  /** Whether the client's errors carry the headers of the response. */
  readonly keepsHeaders: boolean;
}

/** Makes the fault that is a status and nothing but what the vendor sends with it. */
export function status(code: number, more: Omit<Extract<Fault, { kind: 'status' }>, 'kind' | 'status'> = {}): Fault {
  return { kind: 'status', status: code, ...more };
}

const statusKinds: readonly (readonly [number, ModelErrorKind])[] = [
  [400, 'badRequest'],
  [401, 'auth'],
  [402, 'quota'],
  [403, 'permission'],
  [405, 'badRequest'],
  [408, 'timeout'],
  [409, 'badRequest'],
  [410, 'badRequest'],
  [412, 'badRequest'],
  [413, 'contextLength'],
  [414, 'badRequest'],
  [415, 'badRequest'],
  [418, 'badRequest'],
  [422, 'badRequest'],
  [424, 'serverError'],
  [429, 'rateLimit'],
  [431, 'badRequest'],
  [451, 'badRequest'],
  [498, 'serverError'],
  [499, 'serverError'],
  [500, 'serverError'],
  [501, 'serverError'],
  [502, 'serverError'],
  [503, 'overloaded'],
  [504, 'serverError'],
  [520, 'serverError'],
  [523, 'serverError'],
  [526, 'serverError'],
  [529, 'overloaded'],
];

const never = 10_000;

/** Holds a client's errors against the table of kinds. */
export function describeJudgement({ client, faults, streamFaults, keepsHeaders }: JudgementSuite): void {
  const errorOf = async (fault: Fault, options?: AskOptions) =>
    rejectionOf(client.ask(await startTestProvider({ fault }), options));

  describe(`an error of ${client.name}`, () => {
    it.each(statusKinds)('S-97 with status %i is %s', async (code, kind) => {
      expect(classifyModelError(await errorOf(status(code)))).toMatchObject({ kind });
    });

    it.each(statusKinds)('with status %i and a body of no known format is %s', async (code, kind) => {
      const body = '<html><h1>This page has no words that tell anything</h1></html>';
      expect(classifyModelError(await errorOf(status(code, { body })))).toMatchObject({ kind });
    });

    it.each(faults)('is judged: %s', async (_title, fault, expected) => {
      expect(classifyModelError(await errorOf(fault))).toMatchObject(expected);
    });

    it.each(streamFaults)('inside a stream is judged: %s', async (_title, fault, expected) => {
      const provider = await startTestProvider({ fault });
      expect(classifyModelError(await rejectionOf(client.readStream(provider)))).toMatchObject(expected);
    });

    it('of a connection that is reset is a connection error', async () => {
      expect(classifyModelError(await errorOf({ kind: 'connectionReset' }))).toMatchObject({ kind: 'connection' });
    });

    it('of a connection that is refused is a connection error', async () => {
      const provider = await startTestProvider();
      await provider.stop();
      const error = await rejectionOf(client.ask(provider));
      expect(classifyModelError(error)).toEqual({
        kind: 'connection',
        counts: true,
        opensAtOnce: false,
        openFor: undefined,
        retryAfterMs: undefined,
      });
    });

    it('of a connection that breaks off inside the answer is a connection error', async () => {
      const error = await errorOf({ kind: 'cutOff', afterChunks: 1 });
      expect(classifyModelError(error)).toMatchObject({ kind: 'connection' });
    });

    it("of the client's own timeout is a timeout", async () => {
      const error = await errorOf({ kind: 'noHeaders' }, { timeoutMs: 100 });
      expect(classifyModelError(error, { signal: new AbortController().signal })).toMatchObject({
        kind: 'timeout',
        counts: true,
      });
    });

    it("S-43 of a caller's abort does not count where the caller's signal is known, and is a timeout else", async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const provider = await startTestProvider({ fault: { kind: 'slowHeaders', delayMs: never } });
      const asked = rejectionOf(client.ask(provider, { signal }));
      await expect.poll(() => provider.requestCount).toBe(1);
      controller.abort();
      const error = await asked;
      expect(classifyModelError(error, { signal })).toMatchObject({ kind: 'aborted', counts: false });
      expect(classifyModelError(error)).toMatchObject({ kind: 'timeout', counts: true });
    });

    it("S-44 of a caller's AbortSignal.timeout() is a timeout", async () => {
      const signal = AbortSignal.timeout(100);
      const error = await errorOf({ kind: 'noHeaders' }, { signal });
      expect(classifyModelError(error, { signal })).toMatchObject({ kind: 'timeout', counts: true });
      expect(classifyModelError(error)).toMatchObject({ kind: 'timeout', counts: true });
    });

    if (!keepsHeaders) return;
    it('brings along how long the provider asks to wait', async () => {
      const headers = { 'retry-after': '20' };
      expect(classifyModelError(await errorOf(status(429, { headers })))).toEqual({
        kind: 'rateLimit',
        counts: true,
        opensAtOnce: true,
        openFor: 20_000,
        retryAfterMs: 20_000,
      });
      expect(classifyModelError(await errorOf(status(503, { headers })))).toMatchObject({
        opensAtOnce: false,
        openFor: 20_000,
      });
    });
  });
}
