// OpenAI's client behind a breaker that knows how model calls fail. OPENAI_BASE_URL and OPENAI_API_KEY: the real one.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'Hello to you.' });
// The breaker is to see every attempt, and to decide whether there is another one.
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'openai', failureThreshold: 2, timeout: 60_000, ...modelCalls() });

async function ask(question: string) {
  const answer = await breaker.run(({ signal }) =>
    client.chat.completions.create(
      { model: process.env.OPENAI_MODEL ?? 'gpt-5-mini', messages: [{ role: 'user', content: question }] },
      { signal },
    ),
  );
  return answer.choices[0]?.message.content;
}

async function tell(story: string) {
  const answer = await ask('Hello').catch((error: unknown) => {
    if (CircuitBreakerOpenError.isInstance(error))
      return `not asked, for ${Math.round((error.retryAfterMs ?? 0) / 1e3)} s`;
    return error instanceof OpenAI.APIError ? `${error.status} ${error.code ?? error.type}` : String(error);
  });
  console.log(`${story}: ${answer} (${breaker.state})`);
}

await tell('a good day');

server.setFault({ kind: 'status', status: 400 });
await tell('a mistake of ours does not count');

server.setFault({ kind: 'status', status: 503 });
await tell('an overloaded model counts');

server.setFault({ kind: 'status', status: 429, code: 'insufficient_quota' });
await tell('a quota that is used up opens the circuit at once');
await tell('and keeps it open for longer than the usual wait');
console.log(`last failure: ${breaker.metrics().lastFailure?.kind}`);
