import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../examples/provider/index.ts';
import { rejectionOf, reply, startTestProvider, vendors } from './vendors.ts';

describe.each(vendors)('a fault of the connection for $name', (vendor) => {
  it('is an ECONNRESET two causes deep when the connection is reset', async () => {
    const provider = await startTestProvider({ fault: { kind: 'connectionReset' } });
    const expected = {
      status: undefined,
      message: 'Connection error.',
      cause: { message: 'fetch failed', cause: { code: 'ECONNRESET' } },
    };
    const error = await rejectionOf(vendor.ask(provider));
    expect(error).toBeInstanceOf(vendor.errors.connection);
    expect(error).toMatchObject(expected);
    expect((await vendor.readStream(provider)).error).toMatchObject(expected);
    expect(provider.requests).toMatchObject([{ aborted: false }, { aborted: false }]);
  });

  it('is a good answer when the headers are slow but in time', async () => {
    const provider = await startTestProvider({ fault: { kind: 'slowHeaders', delayMs: 40 } });
    const startedAt = performance.now();
    expect(await vendor.ask(provider)).toBe(reply);
    expect((await vendor.readStream(provider)).text).toBe(reply);
    expect(performance.now() - startedAt).toBeGreaterThan(75);
  });

  it("runs into the SDK's timeout when the headers are too slow", async () => {
    const provider = await startTestProvider({ fault: { kind: 'slowHeaders', delayMs: 60_000 } });
    const error = await rejectionOf(vendor.ask(provider, { timeout: 40 }));
    expect(error).toBeInstanceOf(vendor.errors.timeout);
  });

  it("runs into the SDK's timeout when no headers come", async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const plain = await rejectionOf(vendor.ask(provider, { timeout: 200 }));
    const streamed = await vendor.readStream(provider, { timeout: 200 });
    expect(plain).toBeInstanceOf(vendor.errors.timeout);
    expect(streamed.error).toBeInstanceOf(vendor.errors.timeout);
    await vi.waitFor(() => {
      expect(provider.requests).toMatchObject([{ aborted: true }, { aborted: true }]);
    });
  });

  it("passes a caller's AbortSignal.timeout() off as the user's abort", async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const error = await rejectionOf(vendor.ask(provider, { signal: AbortSignal.timeout(40) }));
    expect(error).toBeInstanceOf(vendor.errors.userAbort);
  });

  it('delays a whole plain answer when slow', async () => {
    const provider = await startTestProvider({ fault: { kind: 'slow', delayMs: 60_000 } });
    const error = await rejectionOf(vendor.ask(provider, { timeout: 40 }));
    expect(error).toBeInstanceOf(vendor.errors.timeout);
  });

  it("delays a stream past the SDK's timeout without ending it when slow", async () => {
    const fault: Fault = { kind: 'slow', delayMs: 250, chunkDelayMs: 3 };
    const provider = await startTestProvider({ fault });
    const startedAt = performance.now();
    const { text, error } = await vendor.readStream(provider, { timeout: 200 });
    expect(error).toBeUndefined();
    expect(text).toBe(reply);
    expect(performance.now() - startedAt).toBeGreaterThan(275);
  });
});
