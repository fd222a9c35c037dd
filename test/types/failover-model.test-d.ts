import type { LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';
import { createBreaker } from 'agent-circuit-breaker';
import { generateText, type LanguageModel } from 'ai';
import { describe, it } from 'vitest';
import { failoverModel } from '../../src/ai-sdk.ts';

const breaker = createBreaker();
declare const v4: LanguageModelV4;
declare const v3: LanguageModelV3;

describe('the type of failoverModel', () => {
  it('is a model of the SDK for whatever generateText takes', () => {
    const models: LanguageModel[] = [
      failoverModel([v4, { model: v4, breaker, timeout: 1_000 }]),
      failoverModel([v3, { model: v3, breaker }]),
      failoverModel(['openai/gpt-5', { model: 'anthropic/claude', breaker }]),
      failoverModel([v4, 'openai/gpt-5']),
      failoverModel([{ model: 'openai/gpt-5', breaker }, v4]),
    ];
    for (const model of models) generateText({ model, prompt: 'Hello' });
  });

  it('refuses what is none', () => {
    // @ts-expect-error
    failoverModel([5]);
    // @ts-expect-error
    failoverModel([{ model: v4, breaker, timeouts: 1_000 }]);
  });
});
