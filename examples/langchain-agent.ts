// A LangChain agent whose model and tools are behind breakers. OPENAI_BASE_URL and OPENAI_API_KEY: the real model.
import { ChatOpenAI } from '@langchain/openai';
import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { agentMiddleware } from 'agent-circuit-breaker/langchain';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { createAgent, ToolMessage, tool } from 'langchain';
import { z } from 'zod';
import { serverOr } from './provider/stand-in.ts';

await using server = await serverOr(process.env.OPENAI_BASE_URL, '/v1', { reply: 'I go on without the search.' });

let searches = 0;
const search = tool(
  () => {
    searches++;
    throw new Error('503 from the search');
  },
  { name: 'search', description: 'Searches the web.', schema: z.object({ query: z.string() }) },
);

const model = createBreaker({ name: 'model', ...modelCalls() });
const tools = createBreakerRegistry({ failureThreshold: 2, recoveryTimeout: 30_000 });
const agent = createAgent({
  model: new ChatOpenAI({
    model: process.env.OPENAI_MODEL ?? 'gpt-5-mini',
    apiKey: process.env.OPENAI_API_KEY ?? 'none',
    configuration: { baseURL: server.baseUrl },
    maxRetries: 0,
  }),
  tools: [search],
  // Last: what retries or falls back stands further out.
  middleware: [agentMiddleware({ model, tools })],
});

/** The stand-in asks for the tool first, and answers when it has heard of it. */
const wantsSearch = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"query":"news"}' } }],
};
const body = { object: 'chat.completion', choices: [{ index: 0, finish_reason: 'tool_calls', message: wantsSearch }] };

for (let question = 1; question <= 3; question++) {
  server.answerWith({ kind: 'status', status: 200, body }, 'ok');
  const { messages } = await agent.invoke({ messages: 'Search for the news, and tell me.' });
  const heard = messages.find((message) => ToolMessage.isInstance(message));
  console.log(`${question}. the model hears: ${heard?.text.replace(/ Trying again.*$/, ' ...')}`);
  console.log(`   the model says: ${messages.at(-1)?.text}`);
}
console.log(`the search was asked ${searches} times; the circuit of the model is ${model.state}`);
