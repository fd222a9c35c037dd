import { ContextOverflowError } from '@langchain/core/errors';
import { ChatOpenAI } from '@langchain/openai';
import { createAgent, createMiddleware } from 'langchain';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../examples/provider/index.ts';
import { classifyModelError } from '../../../src/llm.ts';
import { rejectionOf, startTestProvider } from '../../provider/vendors.ts';
import { describeJudgement, status } from './judgement-suite.ts';
import { langChainClient } from './model-clients.ts';
import { openAiFaults, openAiStreamFaults } from './openai-faults.ts';

describeJudgement({
  client: langChainClient,
  faults: openAiFaults,
  streamFaults: openAiStreamFaults,
  keepsHeaders: true,
});

describe("LangChain's own errors", () => {
  it('say that a prompt is too long without a status', async () => {
    const provider = await startTestProvider({ fault: status(400, { code: 'context_length_exceeded' }) });
    const error = await rejectionOf(langChainClient.ask(provider));
    expect(ContextOverflowError.isInstance(error)).toBe(true);
    expect(error).not.toHaveProperty('status');
    expect(classifyModelError(error)).toMatchObject({ kind: 'contextLength', counts: false });
  });

  it.each<[string, Fault, object]>([
    ['a rate limit', status(429, { headers: { 'retry-after': '30' } }), { kind: 'rateLimit', openFor: 30_000 }],
    ['an exhausted quota', status(429, { code: 'insufficient_quota' }), { kind: 'quota', openFor: 900_000 }],
    ['an overload', status(503), { kind: 'overloaded' }],
  ])("of an agent's middleware are judged by what they wrap: %s", async (_title, fault, expected) => {
    const provider = await startTestProvider({ fault });
    const configuration = { baseURL: `${provider.baseUrl}/v1` };
    const passOn = createMiddleware({ name: 'passOn', wrapModelCall: (request, handler) => handler(request) });
    const agent = createAgent({
      model: new ChatOpenAI({ model: 'any', apiKey: 'any', maxRetries: 0, configuration }),
      tools: [],
      middleware: [passOn],
    });
    const error = await rejectionOf(agent.invoke({ messages: 'Say something.' }));
    expect(error).not.toHaveProperty('status');
    expect(classifyModelError(error)).toMatchObject(expected);
  });
});
