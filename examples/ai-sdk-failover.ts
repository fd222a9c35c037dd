// One model of the AI SDK made of two: while the circuit of the first is open, the second is asked.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createBreaker } from 'agent-circuit-breaker';
import { failoverModel } from 'agent-circuit-breaker/ai-sdk';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { generateText, streamText } from 'ai';
import { serverOr } from './provider/stand-in.ts';

const env = process.env;
await using first = await serverOr(env.OPENAI_BASE_URL, '/v1', { reply: 'An answer of the large model.' });
await using second = await serverOr(env.OTHER_BASE_URL, '/v1', { reply: 'An answer of the small model.' });

const candidates = [
  { name: 'large', server: first, apiKey: env.OPENAI_API_KEY ?? 'none' },
  { name: 'small', server: second, apiKey: env.OTHER_API_KEY ?? 'none' },
].map(({ name, server, apiKey }) => ({
  model: createOpenAICompatible({ name, baseURL: server.baseUrl, apiKey })(env.OPENAI_MODEL ?? 'gpt-5-mini'),
  breaker: createBreaker({ name, failureThreshold: 2, ...modelCalls() }),
}));
const model = failoverModel(candidates, {
  onSwitch: ({ error }) => console.log(`  switched: ${error instanceof Error ? error.name : error}`),
});

const prompt = 'What is a circuit breaker, in one sentence?';
const ask = async () => console.log((await generateText({ model, prompt, maxRetries: 0 })).text);
const stream = async () => {
  let text = '';
  for await (const delta of streamText({ model, prompt, maxRetries: 0 }).textStream) text += delta;
  console.log(text);
};

await ask();
first.setFault({ kind: 'status', status: 503 });
await ask();
await stream();
await ask();
console.log(`the large model was asked ${first.requestCount} times in 4 questions`);
