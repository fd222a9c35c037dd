// The AI SDK with a breaker as middleware of its model. OPENAI_BASE_URL and OPENAI_API_KEY: the real one.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { modelMiddleware } from 'agent-circuit-breaker/ai-sdk';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { generateText, streamText, wrapLanguageModel } from 'ai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'A breaker stops calls that fail.' });
const provider = createOpenAICompatible({
  name: 'openai',
  baseURL: server.baseUrl,
  apiKey: process.env.OPENAI_API_KEY ?? 'none',
});
const breaker = createBreaker({ name: 'model', failureThreshold: 3, ...modelCalls() });
const model = wrapLanguageModel({
  model: provider(process.env.OPENAI_MODEL ?? 'gpt-5-mini'),
  middleware: modelMiddleware(breaker, { firstItemTimeout: 30_000, idleTimeout: 15_000 }),
});
const prompt = 'What is a circuit breaker, in one sentence?';

async function generate(): Promise<string> {
  return (await generateText({ model, prompt })).text;
}

/** What a model reports, and a rejection, is told to `onError`; a stall or a reset connection is thrown by the stream. */
async function stream(): Promise<string> {
  const errors: unknown[] = [];
  const { textStream } = streamText({ model, prompt, onError: ({ error }) => errors.push(error) });
  let text = '';
  for await (const delta of textStream) text += delta;
  if (errors.length > 0) throw errors[0];
  return text;
}

async function tell(story: string, call: () => Promise<string>) {
  const answer = await call().catch((error: unknown) =>
    CircuitBreakerOpenError.find(error) ? 'not asked' : 'the model has failed',
  );
  console.log(`${story}: ${answer} (${breaker.state})`);
}

await tell('an answer', generate);
await tell('a stream', stream);

server.setFault({ kind: 'streamError', afterChunks: 2 });
await tell('a stream that fails in the middle', stream);

// With its own retries one generateText is three attempts, and each of them counts.
server.setFault({ kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } });
await tell('an overloaded model', generate);
await tell('the next question', generate);
await tell('the next stream', stream);
