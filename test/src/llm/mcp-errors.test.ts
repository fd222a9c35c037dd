import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { classifyModelError, type ModelErrorKind, modelCalls } from '../../../src/llm.ts';
import { rejectionOf } from '../../provider/vendors.ts';

const never = () => new Promise<never>(() => {});

/** A real server with a tool that answers, one that throws and one that hangs. */
async function connect(): Promise<{ client: Client; server: McpServer }> {
  const server = new McpServer({ name: 'tools', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  server.registerTool('broken', {}, () => {
    throw new Error('the tool is broken: rate limit, overloaded, timeout');
  });
  server.registerTool('hanging', {}, never);
  server.registerResource('bug', 'bug://1', {}, () => {
    throw new Error('oops');
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  onTestFinished(() => client.close());
  return { client, server };
}

describe('a result of an MCP tool', () => {
  it.each([
    ['a tool that throws', { name: 'broken' }],
    ['arguments that are wrong', { name: 'echo', arguments: { text: 1 } }],
    ['a tool that is unknown', { name: 'nowhere' }],
  ])('that is an error is no failure of the transport: %s', async (_title, call) => {
    const { client } = await connect();
    const result = await client.callTool(call);
    expect(result).toMatchObject({ isError: true });
    expect(modelCalls().failureResult(result)).toBe(false);
    expect(classifyModelError(result)).toMatchObject({ kind: 'toolError', counts: false });
  });
});

describe('an error of @modelcontextprotocol/sdk', () => {
  it('S-43 of an abort does not count where the signal is known, and is a timeout else', async () => {
    const { client } = await connect();
    const controller = new AbortController();
    const { signal } = controller;
    const called = rejectionOf(client.callTool({ name: 'hanging' }, undefined, { signal }));
    controller.abort();
    const error = await called;
    expect(classifyModelError(error, { signal })).toMatchObject({ kind: 'aborted', counts: false });
    expect(classifyModelError(error)).toMatchObject({ kind: 'timeout', counts: true });
  });

  it('of a timeout is a timeout', async () => {
    const { client } = await connect();
    const { signal } = new AbortController();
    const error = await rejectionOf(client.callTool({ name: 'hanging' }, undefined, { timeout: 50, signal }));
    expect(error).toMatchObject({ code: -32001 });
    expect(classifyModelError(error, { signal })).toMatchObject({ kind: 'timeout', counts: true });
  });

  it('of a connection that closes during a call is a connection error', async () => {
    const { client, server } = await connect();
    const called = rejectionOf(client.callTool({ name: 'hanging' }));
    await server.close();
    expect(classifyModelError(await called)).toMatchObject({ kind: 'connection', counts: true });
  });

  it('of a method that the server does not have is a bad request', async () => {
    const { client } = await connect();
    const error = await rejectionOf(client.request({ method: 'no/such' }, z.object({})));
    expect(classifyModelError(error)).toMatchObject({ kind: 'badRequest', counts: false });
  });

  it('of arguments that the server refuses is a bad request, of a bug in it a server error', async () => {
    const { client } = await connect();
    const unknown = await rejectionOf(client.readResource({ uri: 'nowhere://1' }));
    expect(classifyModelError(unknown)).toMatchObject({ kind: 'badRequest', counts: false });
    const bug = await rejectionOf(client.readResource({ uri: 'bug://1' }));
    expect(classifyModelError(bug)).toMatchObject({ kind: 'serverError', counts: true });
  });

  it.each<[number, ModelErrorKind]>([
    [400, 'badRequest'],
    [403, 'permission'],
    [404, 'badRequest'],
    [410, 'badRequest'],
    [498, 'serverError'],
    [429, 'rateLimit'],
    [500, 'serverError'],
    [503, 'overloaded'],
  ])('S-97 over HTTP with status %i is %s', async (status, kind) => {
    const server = createServer((_request, response) => response.writeHead(status).end('no words'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const client = new Client({ name: 'test', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`));
    // The SDK's own types of transports do not fit exactOptionalPropertyTypes.
    const error = await rejectionOf(Promise.resolve(Reflect.apply(client.connect, client, [transport])));
    expect(classifyModelError(error)).toMatchObject({ kind });
  });
});
