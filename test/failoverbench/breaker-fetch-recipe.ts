import { createBreaker, failover } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { breakerFetch } from '../../src/fetch.ts';
import { modelCalls } from '../../src/llm.ts';
import { openAiQuestion } from '../provider/vendors.ts';
import type { Recipe } from './recipe.ts';

/** `failover` around clients whose every request is guarded already. */
export const breakerFetchRecipe: Recipe = {
  name: '`failover` around a client over `breakerFetch`',
  create(urls, clock) {
    const candidates = urls.map((url, index) => {
      // Two of them: a call that passes one circuit twice would be counted twice, and be in its own way as a trial.
      const [breaker, requests] = ['provider', 'requests'].map((name) =>
        createBreaker({ name: `${name}-${index}`, clock, recoveryTimeout: 20_000, ...modelCalls() }),
      );
      if (!breaker || !requests) throw new Error('There are two.');
      const fetch = breakerFetch(requests, { onOpen: 'response', firstItemTimeout: 10_000, idleTimeout: 10_000 });
      return { breaker, client: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0, fetch }) };
    });
    return () =>
      failover(
        candidates,
        async ({ client }, { signal }) => {
          const { choices } = await client.chat.completions.create(openAiQuestion, { signal });
          const text = choices[0]?.message.content;
          if (!text) throw new Error('The answer is empty.');
          return text;
        },
        { retries: 2, timeout: 15_000 },
      );
  },
};
