// Anthropic's client with a breaker as its middleware. ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY: the real one.
import Anthropic from '@anthropic-ai/sdk';
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { anthropicBreaker } from 'agent-circuit-breaker/anthropic';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.ANTHROPIC_BASE_URL, '', { reply: 'A breaker stops calls that fail.' });
const breaker = createBreaker({ name: 'anthropic', failureThreshold: 2, ...modelCalls() });
const client = new Anthropic({
  baseURL: server.baseUrl,
  apiKey: process.env.ANTHROPIC_API_KEY ?? 'none',
  maxRetries: 0,
  middleware: [anthropicBreaker(breaker, { firstItemTimeout: 30_000, idleTimeout: 15_000 })],
});
const question: Anthropic.MessageCreateParamsNonStreaming = {
  model: process.env.ANTHROPIC_MODEL ?? 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'What is a circuit breaker, in one sentence?' }],
};

async function ask(): Promise<string> {
  const { content } = await client.messages.create(question);
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

async function stream(): Promise<string> {
  let text = '';
  for await (const event of client.messages.stream(question))
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
  return text;
}

async function tell(story: string, call: () => Promise<string>) {
  const answer = await call().catch((error: unknown) => {
    if (CircuitBreakerOpenError.isInstance(error)) return 'not asked';
    return error instanceof Anthropic.APIError ? `${error.type ?? error.status}` : String(error);
  });
  console.log(`${story}: ${answer} (${breaker.state})`);
}

await tell('an answer', ask);
await tell('a stream', stream);

server.setFault({ kind: 'streamError', afterChunks: 2 });
await tell('a stream that fails in the middle', stream);

server.setFault({ kind: 'status', status: 529 });
await tell('an overloaded model', ask);
await tell('the next question', ask);
