// Where a breaker stands among the retries of an SDK: around them, or within them.
import { createBreaker } from 'agent-circuit-breaker';
import { breakerFetch } from 'agent-circuit-breaker/fetch';
import { modelCalls } from 'agent-circuit-breaker/llm';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({
  fault: { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } },
});
const settings = { baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 2 };

async function ask(client: OpenAI) {
  await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: 'Hello' }] });
}

/** Asks until the circuit opens, and once more. */
async function tell(story: string, breaker: ReturnType<typeof createBreaker>, call: () => Promise<void>) {
  const before = provider.requestCount;
  let calls = 0;
  for (; breaker.state === 'closed'; calls++) await call().catch(() => {});
  const requests = provider.requestCount - before;
  await call().catch(() => {});
  const later = provider.requestCount - before - requests;
  console.log(`${story}: open after ${calls} calls, ${requests} requests; the next call sends ${later}`);
}

// Around: what counts is whether a call has failed in the end, after its retries.
const around = createBreaker({ name: 'around', failureThreshold: 5, ...modelCalls() });
const retrying = new OpenAI(settings);
await tell('around the retries', around, () => around.call(ask, retrying));

// Within: every attempt counts. An open circuit answers at once with a 503 that the client does not try again.
const within = createBreaker({ name: 'within', failureThreshold: 5, ...modelCalls() });
const guarded = new OpenAI({ ...settings, fetch: breakerFetch(within, { onOpen: 'response' }) });
await tell('within them', within, () => ask(guarded));

// Instead: the breaker decides alone, and no call waits for a retry.
const instead = createBreaker({ name: 'instead', failureThreshold: 5, ...modelCalls() });
const single = new OpenAI({ ...settings, maxRetries: 0 });
await tell('instead of them', instead, () => instead.call(ask, single));
