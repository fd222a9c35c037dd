import { createBreaker, failoverStream } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { modelCalls } from '../../src/llm.ts';
import { openAiQuestion } from '../provider/vendors.ts';
import type { Recipe } from './recipe.ts';

/** The plain client of OpenAI, whose text is shown as it comes, and taken back where another one has to begin anew. */
export const plainClientRecipe: Recipe = {
  name: 'the plain client of OpenAI, live',
  create(urls, clock) {
    const candidates = urls.map((url, index) => ({
      client: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 }),
      breaker: createBreaker({ name: `provider-${index}`, clock, recoveryTimeout: 20_000, ...modelCalls() }),
    }));
    return async () => {
      let shown = '';
      const chunks = failoverStream(
        candidates,
        ({ client }, { signal }) => client.chat.completions.create({ ...openAiQuestion, stream: true }, { signal }),
        {
          ...{ retries: 2, firstItemTimeout: 10_000, idleTimeout: 10_000 },
          isComplete: ({ choices }) => choices.some(({ finish_reason }) => finish_reason !== null),
          onRestart: () => {
            shown = '';
          },
        },
      );
      for await (const { choices } of chunks) shown += choices[0]?.delta.content ?? '';
      return shown;
    };
  },
};
