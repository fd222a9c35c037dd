// Express: a rejection is an answer with status 503 and Retry-After, by one error handler for all routes.
import { once } from 'node:events';
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import express, { type ErrorRequestHandler } from 'express';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'Hello to you.' });
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'model', failureThreshold: 2, ...modelCalls() });

const app = express();

app.get('/ask', async (_request, response) => {
  const left = new AbortController();
  response.once('close', () => left.abort()); // the visitor has left: counts nothing
  const answer = await breaker.run(
    ({ signal }) => client.chat.completions.create({ model: 'gpt', messages: [] }, { signal }),
    { signal: left.signal },
  );
  response.send(answer.choices[0]?.message.content);
});

const onError: ErrorRequestHandler = async (error, _request, response, _next) => {
  if (!CircuitBreakerOpenError.isInstance(error)) {
    response.status(502).json({ error: { message: 'The model has failed.' } });
    return;
  }
  const rejection = error.toResponse();
  response
    .status(rejection.status)
    .set(Object.fromEntries(rejection.headers))
    .send(await rejection.text());
};
app.use(onError);

const listener = app.listen(0, '127.0.0.1');
await once(listener, 'listening');
const address = listener.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/ask`;

async function visit() {
  const response = await fetch(url);
  console.log(`${response.status}, retry-after: ${response.headers.get('retry-after') ?? 'none'}`);
}

await visit();
server.setFault({ kind: 'status', status: 503 });
for (let visitor = 0; visitor < 3; visitor++) await visit();
console.log(`the model was asked ${server.requestCount} times by 4 visitors`);
listener.closeAllConnections();
listener.close();
