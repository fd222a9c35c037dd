import Anthropic from '@anthropic-ai/sdk';
import { type Runnable, RunnableLambda } from '@langchain/core/runnables';
import { type Breaker, CircuitBreakerOpenError, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { anthropicBreaker } from 'agent-circuit-breaker/anthropic';
import { agentMiddleware, guardRunnable } from 'agent-circuit-breaker/langchain';
import { modelCalls } from 'agent-circuit-breaker/llm';
import type { AgentMiddleware } from 'langchain';

// Exported so that the compiler has to write their types down in a declaration file.
export const guardedLength = guardRunnable(
  RunnableLambda.from((text: string) => text.length),
  createBreaker(),
  { idleTimeout: 1000 },
);
export const middleware: AgentMiddleware = agentMiddleware({ model: createBreaker(), tools: createBreakerRegistry() });

async function askAnthropic(breaker: Breaker): Promise<unknown> {
  const client = new Anthropic({
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response('{"type":"error","error":{"type":"overloaded_error"}}', { status: 529 }),
    middleware: [anthropicBreaker(breaker, { firstItemTimeout: 1000 })],
  });
  const question: Anthropic.MessageCreateParamsNonStreaming = {
    model: 'claude-haiku-4-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  };
  return client.messages.create(question).catch((error: unknown) => error);
}

const breaker = createBreaker({ failureThreshold: 1, ...modelCalls() });
const failed = await askAnthropic(breaker);
const rejected = await askAnthropic(breaker);
const runnable: Runnable<string, number> = guardedLength;

console.log(
  JSON.stringify({
    length: await runnable.invoke('four'),
    middleware: middleware.name,
    status: failed instanceof Anthropic.APIError && failed.status,
    rejected: CircuitBreakerOpenError.isInstance(rejected),
  }),
);
