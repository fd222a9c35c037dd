import { describe, expect, it } from 'vitest';
import { startTestProvider } from '../provider/vendors.ts';
import { aiSdkRecipe } from './ai-sdk-recipe.ts';
import { breakerFetchRecipe } from './breaker-fetch-recipe.ts';
import { createFastClock } from './fast-clock.ts';
import { plainClientRecipe } from './plain-client-recipe.ts';
import { replies, situations } from './situations.ts';

const recipes = [aiSdkRecipe, plainClientRecipe, breakerFetchRecipe];

describe.each(recipes)('by the recipe for $name, a call survives a provider that', ({ create }) => {
  it.each(situations)('$id $title', async ({ play }) => {
    const first = await startTestProvider({ reply: replies.first });
    const second = await startTestProvider({ reply: replies.second });
    const ask = create([first.baseUrl, second.baseUrl], createFastClock());
    await play({ first, second, ask });
  });
});

it('there are sixteen of them', () => {
  expect(new Set(situations.map(({ id }) => id)).size).toBe(16);
});
