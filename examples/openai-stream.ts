// A stream of OpenAI's client: it counts at its end, and a connection that just ends is a failure.
import { createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import OpenAI from 'openai';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'A breaker stops calls that fail.' });
const client = new OpenAI({ baseURL: server.baseUrl, apiKey: process.env.OPENAI_API_KEY ?? 'none', maxRetries: 0 });
const breaker = createBreaker({
  name: 'openai',
  failureThreshold: 3,
  ...modelCalls(),
  onFailure: (error) => console.log(`  a failure: ${error instanceof Error ? error.name : error}`),
});

async function read(story: string, stopAfter?: string) {
  const stop = new AbortController();
  const chunks = breaker.stream(
    (own) =>
      client.chat.completions.create(
        {
          model: process.env.OPENAI_MODEL ?? 'gpt-5-mini',
          messages: [{ role: 'user', content: 'What is a circuit breaker?' }],
          stream: true,
        },
        { signal: own.signal },
      ),
    {
      ...{
        signal: stop.signal,
        firstItemTimeout: 20_000,
        idleTimeout: server.requestCount === undefined ? 10_000 : 200,
      },
      isComplete: ({ choices }) => choices[0]?.finish_reason != null,
    },
  );
  let text = '';
  try {
    for await (const chunk of chunks) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (text === stopAfter) setTimeout(() => stop.abort('the user has pressed stop'), 20);
    }
    console.log(`${story}: "${text}"`);
  } catch (error) {
    console.log(`${story}: "${text}" and then ${error instanceof Error ? error.name : error}`);
  }
}

await read('whole');

server.setFault({ kind: 'cutOff', afterChunks: 2 });
await read('cut off, which no client tells');

server.setFault({ kind: 'stall', afterChunks: 2 });
await read('stalled');

await read('stopped, which is no failure', 'A breaker');

console.log(`the circuit is ${breaker.state}, with ${breaker.metrics().consecutiveFailures} failures in a row`);
