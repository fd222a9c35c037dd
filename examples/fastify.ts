// Fastify: a rejection is an answer with status 503 and Retry-After, by one error handler for all routes.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import createApp from 'fastify';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'Hello to you.' });
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'model', failureThreshold: 2, ...modelCalls() });

const app = createApp();

app.get('/ask', async (_request, reply) => {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort()); // the visitor has left: counts nothing
  const answer = await breaker.run(
    ({ signal }) => client.chat.completions.create({ model: 'gpt', messages: [] }, { signal }),
    { signal: left.signal },
  );
  return answer.choices[0]?.message.content;
});

app.setErrorHandler((error, _request, reply) => {
  if (CircuitBreakerOpenError.isInstance(error)) return error.toResponse();
  return reply.code(502).send({ error: { message: 'The model has failed.' } });
});

async function visit() {
  const response = await app.inject('/ask');
  console.log(`${response.statusCode}, retry-after: ${response.headers['retry-after'] ?? 'none'}`);
}

await visit();
server.setFault({ kind: 'status', status: 503 });
for (let visitor = 0; visitor < 3; visitor++) await visit();
console.log(`the model was asked ${server.requestCount} times by 4 visitors`);
await app.close();
