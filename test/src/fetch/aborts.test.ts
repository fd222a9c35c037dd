import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { modelCalls } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { describeAborts } from './abort-suite.ts';
import { createGuardedOpenAi, expectNothingOpen } from './guarded-clients.ts';

describeAborts('OpenAI', createGuardedOpenAi);

describe("OpenAI's own timeout", () => {
  it('cannot be told from an abort without a reason, and is neutral', async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker(modelCalls());
    await rejectionOf(createGuardedOpenAi({ provider, breaker }).ask({ timeout: 400 }));
    expect(breaker.metrics()).toMatchObject({ failures: 0, cancelled: 1 });
    await expectNothingOpen(provider, breaker);
  });

  it('never comes when firstItemTimeout is shorter, which is a failure', async () => {
    const provider = await startTestProvider({ fault: { kind: 'noHeaders' } });
    const breaker = createBreaker(modelCalls());
    const client = createGuardedOpenAi({ provider, breaker, firstItemTimeout: 400 });
    await rejectionOf(client.ask({ timeout: 5_000 }));
    expect(breaker.metrics()).toMatchObject({ failures: 1, lastFailure: { kind: 'timeout' } });
    await expectNothingOpen(provider, breaker);
  });
});

describe('a stream of OpenAI that its consumer leaves', () => {
  it('is neutral: the client aborts the request, as a caller does', async () => {
    const provider = await startTestProvider({ fault: { kind: 'stall', afterChunks: 2 } });
    const breaker = createBreaker(modelCalls());
    for await (const part of await createGuardedOpenAi({ provider, breaker }).stream()) if (part === ' quick') break;
    expect(breaker.metrics()).toMatchObject({ cancelled: 1, inFlight: 0 });
    await expectNothingOpen(provider, breaker);
  });
});
