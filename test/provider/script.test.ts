import { describe, expect, it } from 'vitest';
import { type Fault, startProvider } from '../../examples/provider/index.ts';
import { openAiVendor, rejectionOf, reply, startTestProvider, vendors } from './vendors.ts';

const at = (status: number): Fault => ({ kind: 'status', status });
const retryAtOnce = { 'retry-after-ms': '1' };

describe('the script', () => {
  it('is followed in order, then answers are good', async () => {
    const provider = await startTestProvider({ script: [at(500), 'ok', at(503)] });
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 500 });
    expect(await openAiVendor.ask(provider)).toBe(reply);
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 503 });
    expect(await openAiVendor.ask(provider)).toBe(reply);
  });

  it('grows at its end', async () => {
    const provider = await startTestProvider({ script: [at(500)] });
    provider.answerWith(at(503), 'ok');
    provider.answerWith(at(429));
    for (let count = 0; count < 5; count += 1) await openAiVendor.ask(provider).catch(() => {});
    expect(provider.requests.map((request) => request.fault)).toEqual(['status', 'status', 'ok', 'status', 'ok']);
  });

  it('goes before the standing fault, which lasts until it is changed', async () => {
    const provider = await startTestProvider({ script: ['ok'], fault: at(503) });
    expect(await openAiVendor.ask(provider)).toBe(reply);
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 503 });
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 503 });
    provider.setFault(at(500));
    provider.answerWith(at(401));
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 401 });
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ status: 500 });
    provider.setFault(undefined);
    expect(await openAiVendor.ask(provider)).toBe(reply);
  });

  it.each<[string, Fault]>([
    ['status must be a whole number from 200 to 599, received 42', at(42)],
    ['delayMs must be a whole number', { kind: 'slow', delayMs: -1 }],
    ['chunkDelayMs must be a whole number', { kind: 'slow', delayMs: 1, chunkDelayMs: 0.5 }],
    ['afterChunks must be a whole number', { kind: 'stall', afterChunks: Number.NaN }],
    ['Invalid character', { kind: 'status', status: 500, headers: { 'retry-after': '1\n2' } }],
  ])('refuses a fault that cannot be carried out: %s', async (message, fault) => {
    const provider = await startTestProvider();
    expect(() => provider.answerWith('ok', fault)).toThrow(message);
    expect(() => provider.setFault(fault)).toThrow(message);
    await expect(startProvider({ script: [fault] })).rejects.toThrow(message);
    expect(await openAiVendor.ask(provider)).toBe(reply);
  });
});

describe.each(vendors)('retries of $name', (vendor) => {
  it('are each counted and each take a step of the script', async () => {
    const fault: Fault = { kind: 'status', status: 503, headers: retryAtOnce };
    const provider = await startTestProvider({ script: [fault, fault] });
    expect(await vendor.ask(provider, { maxRetries: 2 })).toBe(reply);
    expect(provider.requestCount).toBe(3);
    expect(provider.requests.map((request) => request.fault)).toEqual(['status', 'status', 'ok']);
  });

  it('make three requests of one call that fails', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 500, headers: retryAtOnce },
    });
    await rejectionOf(vendor.ask(provider, { maxRetries: 2 }));
    expect(provider.requestCount).toBe(3);
  });

  it('are spent on an exhausted quota too', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 429, code: 'insufficient_quota', headers: retryAtOnce },
    });
    await rejectionOf(vendor.ask(provider, { maxRetries: 2 }));
    expect(provider.requestCount).toBe(3);
  });

  it('do not happen after an error inside a stream', async () => {
    const provider = await startTestProvider({ fault: { kind: 'streamError', afterChunks: 0 } });
    await vendor.readStream(provider, { maxRetries: 2 });
    expect(provider.requestCount).toBe(1);
  });

  it('do not happen when the answer forbids them', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 503, headers: { 'x-should-retry': 'false' } },
    });
    await rejectionOf(vendor.ask(provider, { maxRetries: 2 }));
    expect(provider.requestCount).toBe(1);
  });
});
