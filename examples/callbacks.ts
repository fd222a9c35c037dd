// Callbacks and listeners: hear of every change of state, failure and rejection.
import { createBreaker } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { SimulatedClock } from 'xstate';
import { startProvider } from './provider/index.ts';

await using provider = await startProvider();
const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
const clock = new SimulatedClock();

const breaker = createBreaker({
  name: 'model',
  failureThreshold: 2,
  recoveryTimeout: 30_000,
  clock,
  onOpen: ({ name, at, recoverAt }) => console.log(`  onOpen: ${name}, trial in ${recoverAt - at} ms`),
  onHalfOpen: ({ name }) => console.log(`  onHalfOpen: ${name}`),
  onClose: ({ name }) => console.log(`  onClose: ${name}`),
  onSuccess: () => console.log('  onSuccess'),
  onFailure: (error) => console.log(`  onFailure: ${error instanceof OpenAI.APIError ? error.status : error}`),
  onReject: ({ reason, retryAfterMs }) => console.log(`  onReject: ${reason}, retry in ${retryAfterMs} ms`),
  // What a callback throws neither reaches the call nor changes the state.
  onCallbackError: (error, where) => console.log(`  onCallbackError: ${where} threw ${error}`),
});
const stopListening = breaker.on('stateChange', (from, to) => console.log(`  ${from} -> ${to}`));
breaker.on('failure', () => {
  throw new Error('the log is full');
});

async function ask(story: string) {
  console.log(story);
  await breaker.call(() => client.chat.completions.create({ model: 'gpt', messages: [] })).catch(() => {});
}

await ask('the model answers');
provider.setFault({ kind: 'status', status: 503 });
await ask('the model fails');
await ask('the model fails again');
await ask('nothing is sent');

provider.setFault(undefined);
console.log('30 seconds later');
clock.increment(30_000);
console.log(`  the circuit is ${breaker.state}`);
await ask('the model is back');
stopListening();
