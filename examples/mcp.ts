// Tools of an MCP server, each behind a breaker of its own: a rejection comes back as a result that a model can read.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createBreakerRegistry } from 'agent-circuit-breaker';
import { guardMcpClient } from 'agent-circuit-breaker/mcp';

const server = new McpServer({ name: 'tools', version: '1.0.0' });
server.registerTool('calculate', {}, async () => ({ content: [{ type: 'text', text: '42' }] }));
server.registerTool('refuse', {}, async () => {
  throw new Error('this cannot be calculated');
});
let searches = 0;
server.registerTool('search', {}, () => {
  searches++;
  return new Promise<never>(() => {});
});

const client = new Client({ name: 'agent', version: '1.0.0' });
const [here, there] = InMemoryTransport.createLinkedPair();
await Promise.all([client.connect(here), server.connect(there)]);
const tools = createBreakerRegistry({ failureThreshold: 2, recoveryTimeout: 30_000 });
const guarded = guardMcpClient(client, tools);

async function call(name: string) {
  const result = await guarded.callTool({ name }, undefined, { timeout: 100 }).catch((error: unknown) => String(error));
  console.log(`${name}: ${typeof result === 'string' ? result : JSON.stringify(result.content)}`);
}

await call('calculate');
// The tool says no; its server works.
for (let count = 0; count < 3; count++) await call('refuse');
console.log(`the circuit of refuse is ${tools.get('refuse').state}`);

for (let count = 0; count < 3; count++) await call('search');
console.log(`the circuit of search is ${tools.get('search').state}; it was asked ${searches} times`);
await call('calculate');
await client.close();
