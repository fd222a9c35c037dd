import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createBreaker } from 'agent-circuit-breaker';
import { failoverModel } from 'agent-circuit-breaker/ai-sdk';
import { modelCalls } from 'agent-circuit-breaker/llm';

/** A model as it is served. */
export interface ServedModel {
  readonly name: string;
  readonly baseUrl: string;
}

/**
 * One model of several: the first of them whose circuit is not open answers, and the next one where it fails before it has
 * said anything.
 *
 * @param onSwitch - Hears that the next one is asked, for the notice that the user gets.
 */
export function createModel(served: readonly ServedModel[], onSwitch: () => void) {
  const candidates = served.map(({ name, baseUrl }) => ({
    model: createOpenAICompatible({ name, baseURL: baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none' })(name),
    breaker: createBreaker({ name, failureThreshold: 2, ...modelCalls() }),
  }));
  const model = failoverModel(candidates, { onSwitch, firstItemTimeout: 10_000, idleTimeout: 10_000 });
  return { model, breakers: candidates.map(({ breaker }) => breaker) };
}
