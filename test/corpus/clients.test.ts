import { wrapLanguageModel } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import { circuitBreakerMiddleware } from '../../src/ai-sdk.ts';
import { classifyModelError } from '../../src/llm.ts';
import { rejectionOf } from '../provider/vendors.ts';
import { ai7Sdk } from '../src/ai-sdk/sdk.ts';
import { createGuardedAnthropic, createGuardedOpenAi, readText } from '../src/fetch/guarded-clients.ts';
import {
  ai6Client,
  aiClient,
  anthropicClient,
  geminiClient,
  langChainClient,
  type ModelClient,
  openAiClient,
  openAiResponsesClient,
} from '../src/llm/model-clients.ts';
import { answers, classificationOf, present } from './corpus.ts';
import { createCaseBreaker, outcomeOf, rightOutcomeOf } from './outcome.ts';
import { serveCase } from './serve-case.ts';

const clients: Readonly<Record<string, ModelClient>> = {
  openai: openAiClient,
  'openai-responses': openAiResponsesClient,
  anthropic: anthropicClient,
  gemini: geminiClient,
  langchain: langChainClient,
  ai: aiClient,
  ai6: ai6Client,
};

const pairs = answers.flatMap((one) => (one.clients ?? []).map((client) => ({ ...one, client })));
const isStream = ({ answer }: (typeof pairs)[number]) => answer.chunks !== undefined;
const ofClients = pairs.filter(({ client }) => client !== 'ai-middleware');
const failed = ofClients.filter(({ answer }) => answer.status >= 400);
const told = ofClients.filter((pair) => pair.answer.status < 400 && !isStream(pair));
const streamed = ofClients.filter((pair) => pair.answer.status < 400 && isStream(pair));

function clientOf(name: string): ModelClient {
  const client = clients[name];
  if (!client) throw new Error(`There is no client ${name}.`);
  return client;
}

describe('the real client', () => {
  it.each(failed)('S-97 $client throws what is judged rightly: $name', async (one) => {
    const baseUrl = await serveCase(one.answer);
    const error = await rejectionOf(clientOf(one.client).ask({ baseUrl }));
    expect(classifyModelError(error, { now: () => present })).toMatchObject(classificationOf(one));
  });

  it.each(told)('S-97 $client returns or throws what is judged rightly: $name', async (one) => {
    const baseUrl = await serveCase(one.answer);
    const breaker = createCaseBreaker();
    await breaker.call(() => clientOf(one.client).ask({ baseUrl })).catch(() => {});
    expect(outcomeOf(breaker)).toEqual(rightOutcomeOf(one));
  });

  it.each(streamed)('S-97 $client reads a stream that is judged rightly: $name', async (one) => {
    const provider = { baseUrl: await serveCase(one.answer) };
    const breaker = createCaseBreaker();
    const create = one.client === 'anthropic' ? createGuardedAnthropic : createGuardedOpenAi;
    const reading = create({ provider, breaker }).stream().then(readText);
    await reading.catch(() => {});
    await vi.waitFor(() => expect(breaker.metrics().inFlight).toBe(0));
    expect(outcomeOf(breaker)).toEqual(rightOutcomeOf(one));
  });

  it('is known by every case that names one', () => {
    for (const { client } of ofClients) expect(() => clientOf(client)).not.toThrow();
    expect(new Set(ofClients.map(({ client }) => client))).toEqual(new Set(Object.keys(clients)));
  });
});

describe('the middleware of the AI SDK', () => {
  it.each(pairs.filter(({ client }) => client === 'ai-middleware'))('S-97 judges an answer: $name', async (one) => {
    const breaker = createCaseBreaker();
    const model = ai7Sdk.model(await serveCase(one.answer));
    const guarded = wrapLanguageModel({ model, middleware: circuitBreakerMiddleware(breaker) });
    if (isStream(one)) for await (const part of ai7Sdk.stream(guarded)) void part;
    else await ai7Sdk.ask(guarded).catch(() => {});
    await vi.waitFor(() => expect(breaker.metrics().inFlight).toBe(0));
    expect(outcomeOf(breaker)).toEqual(rightOutcomeOf(one));
  });
});
