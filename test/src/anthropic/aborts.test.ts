import Anthropic from '@anthropic-ai/sdk';
import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { anthropicBreaker } from '../../../src/anthropic.ts';
import { modelCalls } from '../../../src/llm.ts';
import { anthropicQuestion, rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { describeAborts } from '../fetch/abort-suite.ts';
import { createGuardedAnthropic, expectNothingOpen } from '../fetch/guarded-clients.ts';

describeAborts('Anthropic', createGuardedAnthropic);

describe("Anthropic's own timeout", () => {
  it('S-44 is a failure', async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker(modelCalls());
    await rejectionOf(createGuardedAnthropic({ provider, breaker }).ask({ timeout: 400 }));
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
    await expectNothingOpen(provider, breaker);
  });

  it('S-44 is a failure at each attempt, until the circuit opens', async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker({ failureThreshold: 2, ...modelCalls() });
    const client = createGuardedAnthropic({ provider, breaker, maxRetries: 5 });
    expect(await rejectionOf(client.ask({ timeout: 400, maxRetries: 5 }))).toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
    expect([breaker.state, provider.requestCount]).toEqual(['open', 2]);
  });
});

describe('a stream of Anthropic that its consumer leaves', () => {
  it.each([
    { fault: { kind: 'stall', afterChunks: 2 }, outcome: { successes: 1, cancelled: 0 } },
    { fault: { kind: 'noFirstToken' }, outcome: { successes: 0, cancelled: 1 } },
  ] as const)('by its controller counts as $outcome at $fault', async ({ fault, outcome }) => {
    const provider = await startTestProvider({ fault });
    const breaker = createBreaker(modelCalls());
    const middleware = [anthropicBreaker(breaker)];
    const client = new Anthropic({ baseURL: provider.baseUrl, apiKey: 'any', middleware });
    const stream = await client.messages.create({ ...anthropicQuestion, stream: true });
    const reading = (async () => {
      for await (const { type } of stream) if (type === 'content_block_delta') stream.controller.abort();
    })();
    if (fault.kind === 'noFirstToken') setTimeout(() => stream.controller.abort(), 50);
    await reading;
    expect(breaker.metrics()).toMatchObject({ ...outcome, failures: 0, inFlight: 0 });
    await expectNothingOpen(provider, breaker);
  });

  it('is a success once something has come', async () => {
    const provider = await startTestProvider({ fault: { kind: 'stall', afterChunks: 2 } });
    const breaker = createBreaker(modelCalls());
    for await (const part of await createGuardedAnthropic({ provider, breaker }).stream()) if (part === ' quick') break;
    expect(breaker.metrics()).toMatchObject({ successes: 1, cancelled: 0, inFlight: 0 });
    await expectNothingOpen(provider, breaker);
  });
});
