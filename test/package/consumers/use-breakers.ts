import Anthropic from '@anthropic-ai/sdk';
import { RunnableLambda } from '@langchain/core/runnables';
import {
  attachBreaker,
  type Breaker,
  type BreakerOptions,
  type BreakerRegistryOptions,
  CircuitBreakerOpenError,
  createBreaker,
  createBreakerRegistry,
  failover,
  failoverStream,
  guarded,
  isBreaker,
} from 'agent-circuit-breaker';
import { failoverModel, modelMiddleware } from 'agent-circuit-breaker/ai-sdk';
import { anthropicBreaker } from 'agent-circuit-breaker/anthropic';
import { breakerFetch } from 'agent-circuit-breaker/fetch';
import { registerWithXStateInspect } from 'agent-circuit-breaker/inspect';
import { agentMiddleware, guardRunnable } from 'agent-circuit-breaker/langchain';
import { guardMcpClient } from 'agent-circuit-breaker/mcp';
import { createActor, fromPromise, toPromise } from 'xstate';

export { createBreaker, createBreakerRegistry };

/** What makes breakers: this copy of the package or another one. */
export interface Maker {
  createBreaker(options?: BreakerOptions): Breaker;
  createBreakerRegistry(options?: BreakerRegistryOptions): { get(key: string): Breaker };
}

/** A call behind a breaker; it fails where that is wanted. */
type Call = (fails: boolean) => PromiseLike<unknown>;

// Only compiled: they want an inspector, or an agent.
export const shownBreaker = (breaker: Breaker) => registerWithXStateInspect(breaker);
export const agentOf = (breaker: Breaker, { createBreakerRegistry }: Maker) =>
  agentMiddleware({ model: breaker, tools: createBreakerRegistry() });

/** Hands breakers of a maker to every function of this copy that takes one. */
export async function useBreakersOf(maker: Maker): Promise<Record<string, unknown>> {
  const ways: Readonly<Record<string, (breaker: Breaker) => Call>> = {
    failover: (breaker) => (fails) => failover([breaker], () => answerOr(fails)),
    failoverStream: (breaker) => async (fails) => {
      const stream = failoverStream([breaker], async function* () {
        yield await answerOr(fails);
      });
      return (await stream.next()).value;
    },
    guarded: (breaker) => runGuarded(breaker),
    guardedByActor: (breaker) => runGuarded(breaker.actor),
    attachBreaker: (breaker) => {
      const attached = attachBreaker(breaker.actor);
      return (fails) => attached.call(answerOr, fails);
    },
    breakerFetch: throughFetch,
    anthropicBreaker: throughAnthropic,
    modelMiddleware: throughMiddleware,
    failoverModel: (breaker) => (fails) => failoverModel([{ model: modelThat(fails), breaker }]).doGenerate({}),
    guardRunnable: (breaker) => {
      const runnable = guardRunnable(RunnableLambda.from(answerOr), breaker);
      return (fails) => runnable.invoke(fails);
    },
    guardMcpClient: (breaker) => {
      const client = guardMcpClient(new Client(), breaker, { onOpen: 'throw', requests: breaker });
      return (fails) => client.callTool({ name: 'search', fails });
    },
  };
  const results: Record<string, unknown> = {};
  for (const [name, way] of Object.entries(ways)) results[name] = await tell(maker, way);
  const tools = maker.createBreakerRegistry();
  return {
    ...results,
    registry: await guardMcpClient(new Client(), tools).callTool({ name: 'search', fails: false }),
    isBreaker: [maker.createBreaker(), tools.get('search'), tools, {}].map(isBreaker),
    next: await failOverToNext(maker),
    goesOn: goOnFrom(maker),
  };
}

/** A call that goes well, one that opens the circuit, and one that is rejected with an error that this copy knows. */
async function tell(maker: Maker, way: (breaker: Breaker) => Call): Promise<readonly unknown[]> {
  const breaker = maker.createBreaker({ failureThreshold: 1, recoveryTimeout: 1e9 });
  const call = way(breaker);
  const answer = await call(false);
  await Promise.resolve(call(true)).catch(() => {});
  const rejected = await Promise.resolve(call(false)).catch((error: unknown) => error);
  return [answer, breaker.state, CircuitBreakerOpenError.find(rejected)?.reason ?? String(rejected)];
}

async function answerOr(fails: boolean): Promise<string> {
  if (fails) throw Object.assign(new Error('Overloaded'), { status: 529, statusCode: 529 });
  return 'answer';
}

function runGuarded(breaker: Breaker | Breaker['actor']): Call {
  const logic = guarded(
    fromPromise(({ input }: { readonly input: boolean }) => answerOr(input)),
    breaker,
  );
  return (fails) => {
    const actor = createActor(logic, { input: fails });
    const result = toPromise(actor);
    actor.start();
    return result;
  };
}

function throughFetch(breaker: Breaker): Call {
  const statuses: number[] = [];
  const fetch = breakerFetch(breaker, {
    fetch: async () => new Response('answer', { status: statuses.pop() ?? 200 }),
    isFailure: () => true,
  });
  return async (fails) => {
    if (fails) statuses.push(503);
    return (await fetch('http://model.example')).text();
  };
}

function throughAnthropic(breaker: Breaker): Call {
  const answer = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'answer' }] };
  const failure = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  return async (fails) => {
    const client = new Anthropic({
      apiKey: 'none',
      maxRetries: 0,
      fetch: async () => Response.json(fails ? failure : answer, { status: fails ? 529 : 200 }),
      middleware: [anthropicBreaker(breaker)],
    });
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello' }];
    const { content } = await client.messages.create({ model: 'claude-haiku-4-5', max_tokens: 10, messages });
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  };
}

function modelThat(fails: boolean) {
  return {
    specificationVersion: 'v3',
    provider: 'scripted',
    modelId: 'small',
    supportedUrls: {},
    doGenerate: (_params: object) => answerOr(fails),
    doStream: async (_params: object) => ({ stream: new ReadableStream<{ readonly type: string }>() }),
  } as const;
}

function throughMiddleware(breaker: Breaker): Call {
  const middleware = modelMiddleware(breaker);
  return (fails) => middleware.wrapGenerate({ params: {}, model: modelThat(fails) });
}

class Client {
  callTool({ fails }: { readonly name: string; readonly fails: boolean }): Promise<string> {
    return answerOr(fails);
  }
}

/** Past a circuit that rejects, and past a call that fails. */
async function failOverToNext({ createBreaker }: Maker): Promise<readonly unknown[]> {
  const candidates = ['open', 'failing', 'sound'].map((name) => ({ name, breaker: createBreaker({ name }) }));
  candidates[0]?.breaker.trip();
  const answered = await failover(candidates, async ({ name }) => {
    await answerOr(name === 'failing');
    return name;
  });
  return [answered, ...candidates.map(({ breaker }) => breaker.metrics().calls)];
}

/** A breaker of this copy goes on from the snapshot of another one. */
function goOnFrom(maker: Maker): string {
  const breaker = maker.createBreaker({ recoveryTimeout: 1e9 });
  breaker.trip();
  return createBreaker({ snapshot: breaker.toJSON() }).state;
}
