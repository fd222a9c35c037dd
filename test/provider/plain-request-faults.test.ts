import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../examples/provider/index.ts';
import {
  anthropicQuestion,
  anthropicVendor,
  createAnthropic,
  createOpenAi,
  openAiQuestion,
  openAiVendor,
  rejectionOf,
  startTestProvider,
  vendors,
} from './vendors.ts';

const hangs: readonly Fault[] = [{ kind: 'noFirstToken' }, { kind: 'stall', afterChunks: 1 }];

describe.each(hangs)('a plain request that gets $kind', (fault) => {
  it("runs into the timeout of OpenAI's SDK, which covers the body", async () => {
    const provider = await startTestProvider({ fault });
    const error = await rejectionOf(openAiVendor.ask(provider, { timeout: 250 }));
    expect(error).toBeInstanceOf(openAiVendor.errors.timeout);
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });

  it("outlasts the timeout of Anthropic's SDK, which covers only the headers", async () => {
    const provider = await startTestProvider({ fault });
    const signal = AbortSignal.timeout(500);
    const error = await rejectionOf(anthropicVendor.ask(provider, { timeout: 250, signal }));
    expect(signal.aborted).toBe(true);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(provider.requests).toMatchObject([{ aborted: true }]));
  });
});

describe.each(vendors)('a plain request to $name', (vendor) => {
  it('fails with a bare TypeError when its body is cut off', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 1 } });
    const error = await rejectionOf(vendor.ask(provider));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'terminated', cause: { code: 'UND_ERR_SOCKET' } });
  });

  it('fails with a bare TypeError when its connection is reset within the body', async () => {
    const fault: Fault = { kind: 'cutOff', afterChunks: 1, abrupt: true };
    const provider = await startTestProvider({ fault });
    const error = await rejectionOf(vendor.ask(provider));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } });
  });

  it('is not tried again when its body is cut off, whatever maxRetries says', async () => {
    const provider = await startTestProvider({ fault: { kind: 'cutOff', afterChunks: 1 } });
    await rejectionOf(vendor.ask(provider, { maxRetries: 2 }));
    expect(provider.requestCount).toBe(1);
  });

  it('gets status 500 for an error that has no stream to be in', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'streamError', afterChunks: 1, errorType: 'own_type', message: 'own words' },
    });
    expect(await rejectionOf(vendor.ask(provider))).toMatchObject({
      status: 500,
      type: 'own_type',
      message: expect.stringContaining('own words'),
    });
  });
});

describe('an empty plain answer', () => {
  it('is finished and has an empty text for OpenAI', async () => {
    const provider = await startTestProvider({ fault: { kind: 'empty' } });
    const answer = await createOpenAi(provider).chat.completions.create(openAiQuestion);
    expect(answer.choices).toMatchObject([{ message: { content: '' }, finish_reason: 'stop' }]);
    expect(answer.usage?.completion_tokens).toBe(0);
  });

  it('is finished and has no block for Anthropic', async () => {
    const provider = await startTestProvider({ fault: { kind: 'empty' } });
    const answer = await createAnthropic(provider).messages.create(anthropicQuestion);
    expect(answer).toMatchObject({ content: [], stop_reason: 'end_turn' });
    expect(answer.usage.output_tokens).toBe(0);
  });
});
