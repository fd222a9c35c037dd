// Only answers of 5xx count, and deadlines with them: a predicate that asks for a status alone loses those.
import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { classifyModelError } from 'agent-circuit-breaker/llm';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1');
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });

const options = { failureThreshold: 2, timeout: 200 };
const hasServerStatus = (error: unknown) => error instanceof OpenAI.APIError && error.status >= 500;
// A deadline has no status, nor has a connection that is refused.
const isOutage = (error: unknown) =>
  ['serverError', 'overloaded', 'timeout', 'connection'].includes(classifyModelError(error).kind);
const breakers = [
  createBreaker({ name: 'by its status', ...options, failurePredicate: hasServerStatus }),
  createBreaker({ name: 'by its kind', ...options, failurePredicate: isOutage }),
];

const ask = (breaker: CircuitBreaker) =>
  breaker
    .run(({ signal }) => client.chat.completions.create({ model: 'gpt', messages: [] }, { signal }))
    .catch(() => {});

async function tell(story: string) {
  for (const breaker of breakers) {
    breaker.reset();
    for (let call = 0; call < 2; call++) await ask(breaker);
    console.log(`${story}, judged ${breaker.name}: ${breaker.state}`);
  }
}

server.setFault({ kind: 'status', status: 429 });
await tell('asked too often');
server.setFault({ kind: 'status', status: 500 });
await tell('out of order');
server.setFault({ kind: 'noHeaders' });
await tell('never an answer');
