import { describe, expect, it } from 'vitest';
import { classifyModelError } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { describeJudgement, status } from './judgement-suite.ts';
import { ai6Client, aiClient } from './model-clients.ts';
import { openAiFaults, openAiStreamFaults } from './openai-faults.ts';

for (const client of [aiClient, ai6Client]) {
  describeJudgement({
    client,
    faults: openAiFaults,
    streamFaults: [
      ...openAiStreamFaults,
      [
        'an end without the finish marker counts',
        { kind: 'cutOff', afterChunks: 2 },
        { kind: 'interrupted', counts: true, opensAtOnce: false },
      ],
    ],
    keepsHeaders: true,
  });

  describe(`an error of ${client.name} that wraps the failed attempts`, () => {
    const headers = { 'retry-after-ms': '1' };

    it('is judged by the last attempt', async () => {
      const script = [status(500, { headers }), status(503, { headers }), status(401)];
      const provider = await startTestProvider({ script });
      const error = await rejectionOf(client.ask(provider, { maxRetries: 2 }));
      expect(error).toMatchObject({ name: 'AI_RetryError' });
      expect(classifyModelError(error)).toMatchObject({ kind: 'auth', openFor: 300_000, retryAfterMs: undefined });
    });

    it('waits for the hint of the last attempt', async () => {
      const script = [status(503, { headers }), status(503, { headers: { 'retry-after-ms': '2500' } })];
      const provider = await startTestProvider({ script });
      const error = await rejectionOf(client.ask(provider, { maxRetries: 1 }));
      expect(classifyModelError(error)).toMatchObject({ kind: 'overloaded', openFor: 2_500 });
    });
  });
}
