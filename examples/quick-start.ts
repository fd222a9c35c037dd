// A breaker in front of a model: it opens after three failures, and closes when the model is back.
import { setTimeout as sleep } from 'node:timers/promises';
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({ reply: 'Hello to you.' });
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'model', failureThreshold: 3, recoveryTimeout: 1_000 });

async function askModel(prompt: string) {
  const answer = await client.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: prompt }] });
  return answer.choices[0]?.message.content;
}

async function ask() {
  try {
    console.log(`answer: ${await breaker.call(askModel, 'Hello')}`);
  } catch (error) {
    if (CircuitBreakerOpenError.isInstance(error)) console.log('the breaker rejects at once: nothing is sent');
    else console.log(`the model fails: ${error instanceof OpenAI.APIError ? error.status : error}`);
  }
}

await ask();

provider.setFault({ kind: 'status', status: 503 });
for (let count = 0; count < 5; count++) await ask();
console.log(`the circuit is ${breaker.state}; the model was asked ${provider.requestCount} times in 6 calls`);

provider.setFault(undefined);
await sleep(1_050);
console.log(`after the recovery timeout it is ${breaker.state}: the next call is a trial`);
await ask();
console.log(`the circuit is ${breaker.state}`);
