// An agent's loop with a tool that is down: what the model is told decides whether it hammers on.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { startProvider } from './provider/index.ts';

await using server = await startProvider({ fault: { kind: 'status', status: 503 } });

async function search(): Promise<string> {
  const response = await fetch(`${server.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'search', messages: [] }),
  });
  if (!response.ok) throw new Error(`search answered ${response.status}`);
  return response.text();
}

/** Stands in for a model. It does what models do: tries again what has failed, and believes that something is unavailable. */
function think(messages: readonly string[]): 'search' | 'answer' {
  return messages.at(-1)?.includes('will not help') ? 'answer' : 'search';
}

/** Lets the model call the tool until it answers, or has had 20 turns. */
async function run(call: () => Promise<string>, explain: (error: unknown) => string): Promise<string> {
  const before = server.requestCount;
  const messages: string[] = [];
  let turns = 1;
  for (; turns < 20 && think(messages) === 'search'; turns++) messages.push(await call().catch(explain));
  return `${turns} turns of the model, ${server.requestCount - before} requests to the tool`;
}

const toolFailed = (error: unknown) => `The tool failed: ${error instanceof Error ? error.message : error}`;
const toModel = (error: unknown) =>
  CircuitBreakerOpenError.isInstance(error) ? error.toModelMessage() : toolFailed(error);
const createSearch = () => createBreaker({ name: 'search', failureThreshold: 2 }).wrap(search);

console.log(`no breaker: ${await run(search, toolFailed)}`);
console.log(`a breaker whose rejection is just another error: ${await run(createSearch(), toolFailed)}`);
console.log(`a breaker that speaks to the model: ${await run(createSearch(), toModel)}`);

const breaker = createBreaker({ name: 'search', recoveryTimeout: 30_000 });
breaker.trip();
console.log(await breaker.call(search).catch(toModel));
