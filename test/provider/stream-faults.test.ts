import { describe, expect, it, vi } from 'vitest';
import {
  anthropicQuestion,
  anthropicVendor,
  createAnthropic,
  createOpenAi,
  openAiQuestion,
  openAiVendor,
  reply,
  startTestProvider,
  vendors,
} from './vendors.ts';

describe.each(vendors)('a fault inside a stream for $name', (vendor) => {
  it("never gives a first token, whatever the SDK's timeout, until the caller aborts", async () => {
    const provider = await startTestProvider({ fault: { kind: 'noFirstToken' } });
    const signal = AbortSignal.timeout(500);
    const outcome = await vendor.readStream(provider, { timeout: 250, signal });
    // An abort while a stream is read ends the loop as if the answer were complete.
    expect(outcome).toEqual({ text: '', itemCount: 0, error: undefined });
    expect(signal.aborted).toBe(true);
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });

  it("stalls after the given pieces, whatever the SDK's timeout, until the caller aborts", async () => {
    const provider = await startTestProvider({ fault: { kind: 'stall', afterChunks: 2 } });
    const signal = AbortSignal.timeout(500);
    const outcome = await vendor.readStream(provider, { timeout: 250, signal });
    expect(outcome).toMatchObject({ text: 'The quick', error: undefined });
    expect(signal.aborted).toBe(true);
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });

  it('ends without any error when cut off in order', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 2 } });
    expect(await vendor.readStream(provider)).toMatchObject({
      text: 'The quick',
      error: undefined,
    });
    expect(provider.requests).toMatchObject([{ aborted: false }]);
  });

  it('lacks only the finish marker when cut off after more pieces than there are', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 100 } });
    const types: unknown[] = [];
    const { text, error } = await vendor.readStream(provider, {}, (item) => {
      types.push('type' in item ? item.type : JSON.stringify(item).includes('"stop"'));
    });
    expect({ text, error }).toEqual({ text: reply, error: undefined });
    expect(types).not.toContain('message_stop');
    expect(types).not.toContain(true);
  });

  it('is an empty body that ends without any error when cut off after no piece', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 0 } });
    expect(await vendor.readStream(provider)).toEqual({ text: '', itemCount: 0, error: undefined });
  });

  it('throws a bare TypeError after the pieces when cut off abruptly', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'cutOff', afterChunks: 2, abrupt: true },
    });
    const { text, error } = await vendor.readStream(provider);
    expect(text).toBe('The quick');
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } });
    expect(provider.requests).toMatchObject([{ aborted: false }]);
  });

  it('can be an error before the first piece, in words of its own', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'streamError', afterChunks: 0, errorType: 'own_type', message: 'own words' },
    });
    const { itemCount, error } = await vendor.readStream(provider);
    expect(itemCount).toBe(0);
    expect(error).toMatchObject({
      status: undefined,
      type: 'own_type',
      message: expect.stringContaining('own words'),
    });
  });

  it('is a finished answer without text when empty', async () => {
    const provider = await startTestProvider({ fault: { kind: 'empty' } });
    const { text, itemCount, error } = await vendor.readStream(provider);
    expect({ text, error }).toEqual({ text: '', error: undefined });
    expect(itemCount).toBeGreaterThan(0);
  });
});

describe('an error inside a stream', () => {
  it('reaches an OpenAI caller without a status, with type and code', async () => {
    const provider = await startTestProvider({
      script: [
        { kind: 'streamError', afterChunks: 2 },
        { kind: 'streamError', afterChunks: 2, errorType: 'tokens', code: 'rate_limit_exceeded' },
      ],
    });
    const { text, error } = await openAiVendor.readStream(provider);
    expect(text).toBe('The quick');
    expect(error).toMatchObject({ status: undefined, type: 'server_error', code: null });
    expect((await openAiVendor.readStream(provider)).error).toMatchObject({
      status: undefined,
      type: 'tokens',
      code: 'rate_limit_exceeded',
    });
  });

  it('reaches an Anthropic caller without a status, as overloaded_error', async () => {
    const provider = await startTestProvider({ fault: { kind: 'streamError', afterChunks: 2 } });
    const { text, error } = await anthropicVendor.readStream(provider);
    expect(text).toBe('The quick');
    expect(error).toMatchObject({ status: undefined, type: 'overloaded_error' });
    expect(error).toMatchObject({ error: { type: 'error', request_id: 'req_1' } });
  });
});

describe("a stream without its finish marker, read with the SDK's helper", () => {
  it('is an error for OpenAI', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 2 } });
    const stream = createOpenAi(provider).chat.completions.stream(openAiQuestion);
    await expect(stream.finalContent()).rejects.toThrow('missing finish_reason for choice 0');
  });

  it('is an error for Anthropic', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 2 } });
    const stream = createAnthropic(provider).messages.stream(anthropicQuestion);
    await expect(stream.finalMessage()).rejects.toThrow('stream ended without producing a Message');
  });
});
