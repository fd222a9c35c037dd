// Hono: a rejection is an answer with status 503 and Retry-After, by one error handler for all routes.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { Hono } from 'hono';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'Hello to you.' });
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'model', failureThreshold: 2, ...modelCalls() });

const app = new Hono();

app.get('/ask', async (context) => {
  const { signal } = context.req.raw; // aborted when the visitor has left, which counts nothing
  const answer = await breaker.run(
    (own) => client.chat.completions.create({ model: 'gpt', messages: [] }, { signal: own.signal }),
    { signal },
  );
  return context.text(answer.choices[0]?.message.content ?? '');
});

app.onError((error, context) => {
  if (CircuitBreakerOpenError.isInstance(error)) return error.toResponse();
  return context.json({ error: { message: 'The model has failed.' } }, 502);
});

async function visit() {
  const response = await app.request('/ask');
  console.log(`${response.status}, retry-after: ${response.headers.get('retry-after') ?? 'none'}`);
}

await visit();
server.setFault({ kind: 'status', status: 503 });
for (let visitor = 0; visitor < 3; visitor++) await visit();
console.log(`the model was asked ${server.requestCount} times by 4 visitors`);
