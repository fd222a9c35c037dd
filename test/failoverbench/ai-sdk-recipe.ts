import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createBreaker } from 'agent-circuit-breaker';
import { streamText } from 'ai';
import { failoverModel } from '../../src/ai-sdk.ts';
import { modelCalls } from '../../src/llm.ts';
import type { Recipe } from './recipe.ts';

/** The AI SDK, whose text is shown as it comes. */
export const aiSdkRecipe: Recipe = {
  name: 'the AI SDK, live',
  create(urls, clock) {
    const entries = urls.map((url, index) => ({
      model: createOpenAICompatible({ name: `provider-${index}`, baseURL: `${url}/v1` })('model'),
      breaker: createBreaker({ name: `provider-${index}`, clock, recoveryTimeout: 20_000, ...modelCalls() }),
      timeout: 15_000,
    }));
    const model = failoverModel(entries, { retries: 2, firstItemTimeout: 10_000, idleTimeout: 10_000 });
    return async () => {
      const result = streamText({ model, prompt: 'Hello', maxRetries: 0, streamRetries: 2, onError: () => {} });
      // The text of the step is that of its last try; what was shown of others has ended with `text-end`.
      await result.consumeStream();
      return result.text;
    };
  },
};
