import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { CircuitBreakerOpenError, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { guardMcpClient } from '../../../src/mcp.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { startBareServer, startHttpServer, startMcpServer } from './test-server.ts';

const search = { name: 'search', arguments: { query: 'weather' } };

describe('guardMcpClient', () => {
  it.each([
    ['answers 503', 503],
    ['breaks connections', 'reset'],
  ] as const)('leaves a server alone that %s, and comes back to it', async (_title, failure) => {
    const server = await startHttpServer();
    const clock = createTestClock();
    const breaker = createBreaker({ name: 'search', clock, failureThreshold: 2, recoveryTimeout: 30_000 });
    const guarded = guardMcpClient(server.client, breaker);
    const count = () => server.requests.filter((method) => method === 'tools/call').length;
    expect(await guarded.callTool(search)).toMatchObject({ content: [{ text: 'found weather' }] });

    server.fail(failure);
    await expect(guarded.callTool(search)).rejects.toThrow();
    await expect(guarded.callTool(search)).rejects.toThrow();
    expect([breaker.state, count()]).toEqual(['open', 3]);
    for (let call = 0; call < 5; call++)
      expect(await guarded.callTool(search)).toEqual({
        isError: true,
        content: [
          { type: 'text', text: expect.stringMatching(/^"search" is unavailable .* will not help.* without it/) },
        ],
      });
    expect(count()).toBe(3);

    clock.advance(30_000);
    await expect(guarded.callTool(search)).rejects.toThrow();
    expect([breaker.state, count()]).toEqual(['open', 4]);
    server.fail(undefined);
    clock.advance(30_000);
    expect(await guarded.callTool(search)).toMatchObject({ content: [{ text: 'found weather' }] });
    expect([breaker.state, count()]).toEqual(['closed', 5]);
  });

  it.each([400, 403, 404, 405, 422] as const)(
    'S-97 takes a server that answers %i for one that works: the session is lost, or what was asked is wrong',
    async (status) => {
      const server = await startHttpServer();
      const breaker = createBreaker({ failureThreshold: 1 });
      const guarded = guardMcpClient(server.client, breaker);
      server.fail(status);
      await expect(guarded.callTool(search)).rejects.toMatchObject({ code: status });
      expect(breaker.state).toBe('closed');
      expect(breaker.metrics()).toMatchObject({ ignored: 1, failures: 0 });
    },
  );

  it.each([401, 429, 498, 500] as const)('S-97 counts %i', async (status) => {
    const server = await startHttpServer();
    const breaker = createBreaker({ failureThreshold: 1 });
    server.fail(status);
    await expect(guardMcpClient(server.client, breaker).callTool(search)).rejects.toThrow();
    expect(breaker.state).toBe('open');
  });

  it.each(['a tool that throws', 'wrong arguments', 'a tool there is not'])(
    'takes %s for a success: the server has answered',
    async (what) => {
      const server = await startMcpServer();
      server.behaviour = what === 'a tool that throws' ? 'throws' : 'answers';
      const breaker = createBreaker({ failureThreshold: 1 });
      const call = {
        'a tool that throws': search,
        'wrong arguments': { name: 'search', arguments: { query: 1 } },
        'a tool there is not': { name: 'missing' },
      }[what];
      expect(await guardMcpClient(server.client, breaker).callTool(call ?? search)).toMatchObject({ isError: true });
      expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 0 });
    },
  );

  it('counts a result with isError where failureResult says so', async () => {
    const server = await startMcpServer();
    server.behaviour = 'throws';
    const failureResult = (result: unknown) =>
      typeof result === 'object' && result !== null && 'isError' in result && result.isError === true;
    const breaker = createBreaker({ failureThreshold: 1, failureResult });
    expect(await guardMcpClient(server.client, breaker).callTool(search)).toMatchObject({ isError: true });
    expect(breaker.state).toBe('open');
  });

  it.each([
    ['an error inside the server (-32603)', 'throws', { failures: 1, ignored: 0 }],
    ['an error of the server of its own', { rpcCode: -32050 }, { failures: 1, ignored: 0 }],
    ['wrong parameters (-32602)', { rpcCode: -32602 }, { failures: 0, ignored: 1 }],
    ['an unknown method (-32601)', { rpcCode: -32601 }, { failures: 0, ignored: 1 }],
    ['S-97 a resource there is not (-32002)', { rpcCode: -32002 }, { failures: 0, ignored: 1 }],
    [
      'S-97 a session there is not, which has the number of a timeout',
      { rpcCode: -32001, message: 'Session not found' },
      { failures: 0, ignored: 1 },
    ],
    ['S-97 a timeout (-32001)', { rpcCode: -32001, message: 'Request timed out' }, { failures: 1, ignored: 0 }],
  ] as const)('judges %s', async (_title, behaviour, counts) => {
    const server = await startBareServer();
    server.behaviour = behaviour;
    const breaker = createBreaker();
    const error = await reasonOf(guardMcpClient(server.client, breaker).callTool(search));
    expect(error).toBeInstanceOf(McpError);
    expect(breaker.metrics()).toMatchObject({ calls: 1, inFlight: 0, ...counts });
  });

  it('counts a client that is not connected, and one whose connection closes in the middle', async () => {
    const breaker = createBreaker();
    const lost = new Client({ name: 'lost', version: '1.0.0' });
    await expect(guardMcpClient(lost, breaker).callTool(search)).rejects.toThrow('Not connected');
    const server = await startBareServer();
    server.behaviour = 'hangs';
    const call = reasonOf(guardMcpClient(server.client, breaker).callTool(search));
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    await server.client.close();
    expect(await call).toMatchObject({ code: -32000 });
    expect(breaker.metrics()).toMatchObject({ failures: 2 });
  });

  it('tells the model which tool it is that a breaker of the whole server holds back', async () => {
    const server = await startBareServer();
    const breaker = createBreaker({ name: 'crm' });
    breaker.trip();
    expect(await guardMcpClient(server.client, breaker).callTool(search)).toMatchObject({
      content: [{ text: expect.stringContaining('The tool "search" depends on "crm".') }],
    });
  });

  it.each([
    ['onOpen', { onOpen: 'ignore' }],
    ['requests', { requests: {} }],
    ['onReject', { onReject: 'throw' }],
  ])('refuses a wrong option: %s', (option, options) => {
    const client = new Client({ name: 'any', version: '1.0.0' });
    const build = () => Reflect.apply(guardMcpClient, undefined, [client, createBreaker(), options]);
    expect(build).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option }));
  });

  it('refuses what is no breaker, no registry and no function', () => {
    const client = new Client({ name: 'any', version: '1.0.0' });
    expect(() => Reflect.apply(guardMcpClient, undefined, [client, {}])).toThrow(TypeError);
  });

  it('passes on to the model what a breaker further in says, and does not count it', async () => {
    const server = await startBareServer();
    const [inner, breaker] = [createBreaker({ name: 'connection' }), createBreaker({ failureThreshold: 1 })];
    inner.trip();
    const connection = guardMcpClient(server.client, inner, { onOpen: 'throw' });
    expect(await guardMcpClient(connection, breaker).callTool(search)).toMatchObject({
      content: [{ text: expect.stringContaining('The tool "search" depends on "connection".') }],
    });
    expect(breaker.metrics()).toMatchObject({ state: 'closed', ignored: 1, failures: 0 });
  });

  it('throws the rejection where it is told to', async () => {
    const server = await startBareServer();
    const breaker = createBreaker({ name: 'search' });
    breaker.trip();
    const guarded = guardMcpClient(server.client, breaker, { onOpen: 'throw' });
    expect(await reasonOf(guarded.callTool(search))).toBeInstanceOf(CircuitBreakerOpenError);
    expect(server.calls).toEqual([]);
  });

  it('gives every tool its own breaker from a registry', async () => {
    const server = await startBareServer();
    const breakers = createBreakerRegistry({ failureThreshold: 1 });
    const guarded = guardMcpClient(server.client, breakers);
    server.behaviour = 'throws';
    await expect(guarded.callTool({ name: 'broken' })).rejects.toThrow();
    server.behaviour = 'answers';
    expect(await guarded.callTool({ name: 'broken' })).toMatchObject({ isError: true });
    expect(await guarded.callTool({ name: 'other' })).toMatchObject({ content: [{ text: 'other answered' }] });
    expect([...breakers].map(([key, { state }]) => `${key} ${state}`)).toEqual(['broken open', 'other closed']);
    expect(server.calls).toEqual(['broken', 'other']);
  });

  it('asks a function for the breaker of a tool, and calls a tool that has none', async () => {
    const server = await startBareServer();
    const breaker = createBreaker();
    breaker.trip();
    const guarded = guardMcpClient(server.client, (tool) => (tool === 'dear' ? breaker : undefined));
    expect(await guarded.callTool({ name: 'dear' })).toMatchObject({ isError: true });
    expect(await guarded.callTool({ name: 'cheap' })).toMatchObject({ content: [{ text: 'cheap answered' }] });
  });

  it('leaves other requests alone, unless there is a breaker for them', async () => {
    const server = await startMcpServer();
    const breaker = createBreaker();
    breaker.trip();
    const bare = guardMcpClient(server.client, breaker);
    expect((await bare.listTools()).tools).toHaveLength(1);
    expect((await bare.readResource({ uri: 'note://1' })).contents).toHaveLength(1);

    const guarded = guardMcpClient(server.client, breaker, { requests: breaker });
    for (const request of [
      () => guarded.listTools(),
      () => guarded.readResource({ uri: 'note://1' }),
      () => guarded.listResources(),
      () => guarded.getPrompt({ name: 'any' }),
    ])
      expect(await reasonOf(request())).toBeInstanceOf(CircuitBreakerOpenError);
    expect(server.calls).toEqual(['note']);
    breaker.reset();
    expect((await guarded.listTools()).tools).toHaveLength(1);
    expect(await reasonOf(guarded.readResource({ uri: 'note://2' }))).toBeInstanceOf(McpError);
    expect(breaker.metrics()).toMatchObject({ successes: 1, ignored: 1, failures: 0 });
  });

  it('is the client in all other respects, and leaves the client unguarded', async () => {
    class Secretive extends Client {
      readonly #secret = 42;
      reveal(): number {
        return this.#secret;
      }
    }
    const client = new Secretive({ name: 'any', version: '1.0.0' });
    const guarded = guardMcpClient(client, createBreaker());
    const onclose = () => {};
    guarded.onclose = onclose;
    expect([guarded.reveal(), guarded instanceof Secretive, guarded.constructor]).toEqual([42, true, Secretive]);
    expect([client.onclose, guarded.onclose, guarded.transport]).toEqual([onclose, onclose, undefined]);
    expect([guarded.close, guarded.callTool]).toEqual([guarded.close, guarded.callTool]);
    expect(client.callTool).toBe(Secretive.prototype.callTool);
  });
});
