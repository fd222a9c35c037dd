import {
  type Breaker,
  CircuitBreakerOpenError,
  createBreaker,
  createBreakerRegistry,
  failover,
  isBreaker,
} from 'agent-circuit-breaker';
import {
  type AnyLanguageModel,
  failoverModel,
  type ModelStreamPart,
  modelMiddleware,
} from 'agent-circuit-breaker/ai-sdk';
import { breakerFetch, type FailedResponseError } from 'agent-circuit-breaker/fetch';
import { registerWithXStateInspect } from 'agent-circuit-breaker/inspect';
import { classifyModelError, isEmptyAnswer, type ModelErrorKind, modelCalls } from 'agent-circuit-breaker/llm';
import { guardMcpClient } from 'agent-circuit-breaker/mcp';
import { type IoRedisClient, type NodeRedisClient, redisFleet } from 'agent-circuit-breaker/redis';
import { createTestClock, type TestClock } from 'agent-circuit-breaker/testing';

// Only compiled: they want a server, or an inspector.
export const sharedBreaker = (client: NodeRedisClient | IoRedisClient) =>
  createBreaker({ fleet: redisFleet({ client, quorum: 2 }) });
export const shownBreaker = (breaker: Breaker) => registerWithXStateInspect(breaker.actor);

interface Answer {
  readonly text: string;
}
interface Question {
  readonly prompt: string;
  readonly abortSignal?: AbortSignal | undefined;
}

// Exported so that the compiler has to write its type down in a declaration file.
export const models = failoverModel([
  { model: modelThatSays(undefined), breaker: createBreaker({ name: 'first' }) },
  { model: modelThatSays('second'), breaker: createBreaker({ name: 'second' }) },
]);

/** Uses every entry beside the main one and the chart's. */
export async function useEntries(): Promise<Record<string, unknown>> {
  const kind: ModelErrorKind = classifyModelError(Object.assign(new Error('Too many'), { status: 429 })).kind;
  const { text } = await models.doGenerate({ prompt: 'Hello' });
  return {
    kind,
    isEmpty: isEmptyAnswer({ choices: [] }),
    text,
    middleware: await throughMiddleware(),
    fetched: await useFetch(),
    called: await useMcp(),
    taken: await useFailover(),
    keys: useRegistry(createTestClock()),
  };
}

function modelThatSays(
  text: string | undefined,
): AnyLanguageModel<'v3', Question, Answer, { readonly stream: ReadableStream<ModelStreamPart> }> {
  return {
    specificationVersion: 'v3',
    provider: 'scripted',
    modelId: text ?? 'silent',
    supportedUrls: {},
    doGenerate: async () => {
      if (text === undefined) throw Object.assign(new Error('Overloaded'), { statusCode: 529 });
      return { text };
    },
    doStream: async () => ({ stream: new ReadableStream<ModelStreamPart>() }),
  };
}

async function throughMiddleware(): Promise<string> {
  const middleware = modelMiddleware(createBreaker(modelCalls()), { firstItemTimeout: 1000 });
  const model = modelThatSays('third');
  const answer: Answer = await middleware.wrapGenerate({ params: { prompt: 'Hello' }, model });
  return answer.text;
}

async function useFetch(): Promise<readonly unknown[]> {
  const breaker = createBreaker({ failureThreshold: 1, recoveryTimeout: 1e9 });
  const statuses = [200, 503];
  const fetch = breakerFetch(breaker, {
    fetch: async () => new Response('text', { status: statuses.shift() ?? 200 }),
    isFailure: (error: FailedResponseError) => error.status === 503,
    onOpen: 'response',
  });
  const responses = [await fetch('http://model.example'), await fetch(new URL('http://model.example'))];
  const rejected = await fetch('http://model.example');
  return [...responses.map(({ status }) => status), rejected.status, breaker.state];
}

async function useMcp(): Promise<number> {
  const client = { callTool: async ({ name }: { readonly name: string }) => ({ length: name.length }) };
  const { length } = await guardMcpClient(client, createBreakerRegistry()).callTool({ name: 'search' });
  return length;
}

async function useFailover(): Promise<string> {
  const [first, second] = [createBreaker({ name: 'first' }), createBreaker({ name: 'second' })];
  first.trip();
  const name = await failover([first, second], (breaker: Breaker, { signal }) => `${breaker.name} ${signal.aborted}`);
  const rejected = await failover([{ breaker: first, place: 1 }], ({ place }) => place).catch(
    (error: unknown) => error,
  );
  return CircuitBreakerOpenError.isInstance(rejected) ? `${name} ${rejected.breaker}` : '';
}

function useRegistry(clock: TestClock): readonly string[] {
  const registry = createBreakerRegistry({ clock, maxSize: 2 });
  for (const key of ['one', 'two']) registry.get(key).callSync(() => key);
  return [...registry].filter(([, breaker]) => isBreaker(breaker)).map(([key]) => key);
}
