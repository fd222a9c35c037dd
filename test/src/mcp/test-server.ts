import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** What a tool call comes to on the server. */
export type ToolBehaviour =
  | 'answers'
  | 'throws'
  | 'hangs'
  | { readonly rpcCode: number; readonly message?: string }
  | Promise<void>;

/** A server with a client that is connected to it. */
export interface TestServer {
  readonly client: Client;
  /** Names of the tools whose calls have arrived. */
  readonly calls: readonly string[];
  /** How many calls the server was asked to cancel. */
  cancelled: number;
  behaviour: ToolBehaviour;
}

/** Starts a server that speaks bare JSON-RPC, so that calls can fail in every way; connected in memory. */
export async function startBareServer(): Promise<TestServer> {
  const calls: string[] = [];
  const server = new Server({ name: 'bare', version: '1.0.0' }, { capabilities: { tools: {} } });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const testServer: TestServer = { client: newClient(), calls, cancelled: 0, behaviour: 'answers' };
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    calls.push(params.name);
    const { behaviour } = testServer;
    if (behaviour === 'throws') throw new Error('the tool broke');
    if (behaviour === 'hangs') return new Promise<never>(() => {});
    if (behaviour instanceof Promise) await behaviour;
    else if (typeof behaviour === 'object') throw new McpError(behaviour.rpcCode, behaviour.message ?? 'as told');
    return { content: [{ type: 'text', text: `${params.name} answered` }] };
  });
  await server.connect(serverSide);
  const { onmessage } = serverSide;
  serverSide.onmessage = (message) => {
    if ('method' in message && message.method === 'notifications/cancelled') testServer.cancelled++;
    onmessage?.(message);
  };
  await testServer.client.connect(clientSide);
  return testServer;
}

/** Starts an `McpServer` with the tool `search`, which may break, and two resources; connected in memory. */
export async function startMcpServer(): Promise<TestServer> {
  const calls: string[] = [];
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const testServer: TestServer = { client: newClient(), calls, cancelled: 0, behaviour: 'answers' };
  await createMcpServer(calls, () => testServer.behaviour).connect(serverSide);
  await testServer.client.connect(clientSide);
  return testServer;
}

/** A server over HTTP that can be down. */
export interface HttpServer {
  readonly client: Client;
  /** JSON-RPC methods of the requests that have arrived, also while it was down. */
  readonly requests: readonly string[];
  /** Sets what requests get: a status, a connection that breaks, or an answer. */
  fail(how: number | 'reset' | undefined): void;
}

/** Starts an `McpServer` behind the Streamable HTTP transport on a free port of 127.0.0.1, and connects to it. */
export async function startHttpServer(): Promise<HttpServer> {
  const requests: string[] = [];
  let failure: number | 'reset' | undefined;
  const http = createServer(async (request, response) => {
    const body = await readJson(request);
    if (typeof body === 'object' && body !== null && 'method' in body) requests.push(String(body.method));
    if (failure === 'reset') request.socket.destroy();
    else if (failure !== undefined) response.writeHead(failure).end('out of order');
    else await answer(request, response, body);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
  onTestFinished(async () => {
    await client.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return { client, requests, fail: (how) => (failure = how) };
}

/** Its optional fields are typed without `undefined`, which the transports of the SDK are not. */
function asTransport(transport: unknown): Transport {
  if (isTransport(transport)) return transport;
  throw new Error('not a transport');
}

function isTransport(value: unknown): value is Transport {
  return typeof value === 'object' && value !== null && 'send' in value;
}

async function answer(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  await createMcpServer([], () => 'answers').connect(asTransport(transport));
  await transport.handleRequest(request, response, body);
}

function createMcpServer(calls: string[], behaviour: () => ToolBehaviour): McpServer {
  const server = new McpServer({ name: 'test', version: '1.0.0' });
  server.registerTool('search', { inputSchema: { query: z.string() } }, async ({ query }) => {
    calls.push('search');
    if (behaviour() === 'throws') throw new Error('the tool broke');
    return { content: [{ type: 'text', text: `found ${query}` }] };
  });
  server.registerResource('note', 'note://1', {}, async () => {
    calls.push('note');
    return { contents: [{ uri: 'note://1', text: 'hello' }] };
  });
  return server;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}

function newClient(): Client {
  return new Client({ name: 'test', version: '1.0.0' });
}
