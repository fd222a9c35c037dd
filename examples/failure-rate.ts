// A failure rate over the last ten calls, in which slow answers count as failures.
import { createBreaker, SlowCallError } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider();
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });

const breaker = createBreaker({
  name: 'model',
  failureRateThreshold: 0.5,
  windowSize: 10,
  minimumCalls: 6,
  slowCallThreshold: 1_000,
  onFailure: (error) => console.log(SlowCallError.isInstance(error) ? '  too slow' : `  failed: ${error}`),
});
const ask = breaker.wrap(async () => {
  const answer = await client.chat.completions.create({ model: 'gpt', messages: [] });
  return answer.choices[0]?.message.content;
});
const tell = () => {
  const { state, failureRate, slowRate } = breaker.metrics();
  console.log(`${state}: ${Math.round(failureRate * 100)} % have failed, ${Math.round(slowRate * 100)} % were slow`);
};

for (let count = 0; count < 4; count++) await ask();
tell();

provider.setFault({ kind: 'status', status: 503 });
await ask().catch(() => {});
tell();

provider.setFault({ kind: 'slowHeaders', delayMs: 1_100 });
console.log(`a slow answer is an answer: ${(await ask())?.length} characters`);
tell();

provider.setFault({ kind: 'status', status: 503 });
while (breaker.state === 'closed') {
  await ask().catch(() => {});
  tell();
}
