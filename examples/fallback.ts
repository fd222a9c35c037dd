// A second model answers while the circuit of the first one is open.
import { createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using large = await startProvider({ fault: { kind: 'status', status: 503 } });
await using small = await startProvider({ reply: 'A short answer from the small model.' });

function createAsk(baseUrl: string) {
  const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
  return async (content: string) => {
    const answer = await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content }] });
    return answer.choices[0]?.message.content ?? '';
  };
}

const askSmall = createAsk(small.baseUrl);
const breaker = createBreaker({
  name: 'large model',
  failureThreshold: 2,
  // Only a rejection by the breaker is answered here; the model's own errors reach the caller.
  fallback: (rejection, prompt: string) => {
    console.log(`  ${rejection.breaker} is ${rejection.reason}, so the small model is asked: ${prompt}`);
    return askSmall(prompt);
  },
});
const ask = breaker.wrap(createAsk(large.baseUrl));

for (let count = 1; count <= 4; count++) {
  const answer = await ask('What is a circuit breaker?').catch((error: unknown) => `failed: ${String(error)}`);
  console.log(`${count}. ${answer}`);
}
console.log(`the large model got ${large.requestCount} requests, the small one ${small.requestCount}`);
