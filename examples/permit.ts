// A permit for work that is no single function: a block that leaves without succeed() is a failure.
import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider({
  script: ['ok', { kind: 'cutOff', afterChunks: 2 }],
  reply: 'One two three.',
});
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
const breaker = createBreaker({ name: 'stream', failureThreshold: 1 });

async function readAloud() {
  using permit = breaker.acquire();
  const stream = await client.chat.completions.create({ model: 'gpt', messages: [], stream: true });
  let isFinished = false;
  for await (const { choices } of stream) {
    const [choice] = choices;
    if (choice?.delta.content) console.log(`  ${choice.delta.content}`);
    if (choice?.finish_reason) isFinished = true;
  }
  if (!isFinished) return console.log('  the stream broke off: the permit is disposed unsettled');
  permit.succeed();
}

await readAloud();
console.log(`read to the end; the circuit is ${breaker.state}`);
await readAloud();
console.log(`the circuit is ${breaker.state}, because of a ${breaker.metrics().lastFailure?.name}`);

const permit = breaker.tryAcquire();
console.log(`tryAcquire() gives ${permit}`);
try {
  breaker.acquire();
} catch (error) {
  if (CircuitBreakerOpenError.isInstance(error)) console.log(`acquire() throws: ${error.name}, reason ${error.reason}`);
}
