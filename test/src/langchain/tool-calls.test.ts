import { MemorySaver } from '@langchain/langgraph';
import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { type AgentMiddleware, createAgent, tool, toolRetryMiddleware } from 'langchain';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { circuitBreakerMiddleware } from '../../../src/langchain.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createSearch, question, ToolCallingModel } from './models.ts';

const down = new Error('search is down');

describe('circuitBreakerMiddleware and the tools', () => {
  it('tells the model that a tool is out of order instead of calling it, and comes back to it', async () => {
    const search = vi.fn<(query: string) => string>(() => 'sunny');
    const clock = createTestClock();
    const breakers = createBreakerRegistry({ clock, failureThreshold: 2, recoveryTimeout: 30_000 });
    const model = new ToolCallingModel();
    const middleware = [circuitBreakerMiddleware({ tools: breakers })];
    const agent = createAgent({ model, tools: [createSearch(search)], middleware });
    await agent.invoke(question);
    expect(model.heard).toEqual(['sunny']);

    search.mockImplementation(() => {
      throw down;
    });
    for (let run = 0; run < 5; run++) {
      const { messages } = await agent.invoke(question);
      expect(messages.find(({ type }) => type === 'tool')).toMatchObject({ status: 'error', name: 'search' });
    }
    expect([breakers.get('search').state, search.mock.calls.length]).toEqual(['open', 3]);
    expect(model.heard[2]).toContain('search is down');
    expect(model.heard[3]).toMatch(/^"search" is unavailable for the next 30 seconds .* will not help.* without it/);

    search.mockImplementation(() => 'cloudy');
    clock.advance(30_000);
    await agent.invoke(question);
    expect([breakers.get('search').state, model.heard.at(-1)]).toEqual(['closed', 'cloudy']);
  });

  it('tells the model which tool it is that a breaker of several tools holds back', async () => {
    const breaker = createBreaker({ name: 'the internet' });
    breaker.trip();
    const model = new ToolCallingModel();
    const middleware = [circuitBreakerMiddleware({ tools: breaker })];
    await createAgent({ model, tools: [createSearch(() => 'sunny')], middleware }).invoke(question);
    expect(model.heard[0]).toContain('The tool "search" depends on "the internet".');
  });

  it.each(['message', 'throw'] as const)(
    'passes on to the model what a breaker inside the tool says, and does not count it (%s)',
    async (toolErrors) => {
      const inner = createBreaker({ name: 'weather API' });
      inner.trip();
      const breaker = createBreaker({ failureThreshold: 1 });
      const model = new ToolCallingModel();
      const middleware = [circuitBreakerMiddleware({ tools: breaker, toolErrors })];
      const search = createSearch(() => inner.call(() => 'sunny'));
      await createAgent({ model, tools: [search], middleware }).invoke(question);
      expect(model.heard[0]).toContain('The tool "search" depends on "weather API".');
      expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1, failures: 0 });
    },
  );

  it('says of a tool that fails what an agent without middleware says', async () => {
    const search = createSearch(() => {
      throw down;
    });
    const guarded = new ToolCallingModel();
    const bare = new ToolCallingModel();
    const middleware = [circuitBreakerMiddleware({ tools: createBreaker() })];
    await createAgent({ model: guarded, tools: [search], middleware }).invoke(question);
    await createAgent({ model: bare, tools: [search] }).invoke(question);
    expect(guarded.heard).toEqual(bare.heard);
  });

  it('throws what a tool throws where it is told to, so that a retry further out sees it', async () => {
    const search = vi.fn(() => {
      throw down;
    });
    const breaker = createBreaker({ failureThreshold: 2 });
    const guard = circuitBreakerMiddleware({ tools: breaker, toolErrors: 'throw' });
    const tools = [createSearch(search)];
    const alone = createAgent({ model: new ToolCallingModel(), tools, middleware: [guard] });
    await expect(alone.invoke(question)).rejects.toThrow('search is down');

    const model = new ToolCallingModel();
    const retry = asMiddleware(toolRetryMiddleware({ maxRetries: 5, initialDelayMs: 0 }));
    await createAgent({ model, tools, middleware: [retry, guard] }).invoke(question);
    expect([breaker.state, search.mock.calls.length]).toEqual(['open', 2]);
    expect(model.heard).toHaveLength(1);
  });

  it.each(['message', 'throw'] as const)(
    "does not count arguments that do not fit, which are the model's mistake (%s)",
    async (toolErrors) => {
      const search = tool(() => 'never', {
        name: 'search',
        description: 'Any.',
        schema: z.object({ query: z.number() }),
      });
      const breaker = createBreaker({ failureThreshold: 1 });
      const [guarded, bare] = [new ToolCallingModel(), new ToolCallingModel()];
      const middleware = [circuitBreakerMiddleware({ tools: breaker, toolErrors })];
      await createAgent({ model: guarded, tools: [search], middleware }).invoke(question);
      await createAgent({ model: bare, tools: [search] }).invoke(question);
      expect(breaker.metrics()).toMatchObject({ calls: 1, ignored: 1, failures: 0 });
      expect(guarded.heard[0]).toContain('did not match expected schema');
      expect(firstLine(guarded)).toBe(firstLine(bare));
    },
  );

  it('leaves the call of a tool there is not to LangChain', async () => {
    const breakers = createBreakerRegistry();
    const model = new ToolCallingModel('missing');
    const middleware = [circuitBreakerMiddleware({ tools: breakers })];
    await createAgent({ model, tools: [createSearch(() => 'never')], middleware }).invoke(question);
    expect([model.heard.length, breakers.size]).toEqual([1, 0]);
    expect(model.heard[0]).toContain('not a valid tool');
  });

  it('does not count an interrupt that waits for a human', async () => {
    const { interrupt, Command } = await import('@langchain/langgraph');
    const breaker = createBreaker({ failureThreshold: 1 });
    const model = new ToolCallingModel();
    const agent = createAgent({
      model,
      tools: [createSearch(() => `the human says ${interrupt('may I?')}`)],
      middleware: [circuitBreakerMiddleware({ tools: breaker, model: breaker })],
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: '1' } };
    expect(await agent.invoke(question, config)).toHaveProperty('__interrupt__');
    expect(breaker.metrics()).toMatchObject({ state: 'closed', failures: 0, ignored: 1 });
    await agent.invoke(new Command({ resume: 'yes' }), config);
    expect(model.heard).toEqual(['the human says yes']);
  });

  it('calls a tool for which a function gives no breaker', async () => {
    const model = new ToolCallingModel();
    const middleware = [circuitBreakerMiddleware({ tools: () => undefined })];
    await createAgent({ model, tools: [createSearch(() => 'sunny')], middleware }).invoke(question);
    expect(model.heard).toEqual(['sunny']);
  });
});

/** What the model heard, without the stack that LangChain puts behind it. */
function firstLine(model: ToolCallingModel): string | undefined {
  return model.heard[0]?.split('\n')[0];
}

/** LangChain's own middleware does not fit its own type under `exactOptionalPropertyTypes`. */
function asMiddleware(middleware: unknown): AgentMiddleware {
  const isMiddleware = (value: unknown): value is AgentMiddleware => typeof value === 'object';
  if (!isMiddleware(middleware)) throw new Error('no middleware');
  return middleware;
}
