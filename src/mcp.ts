export type { ToolBreakers } from './breaker/breaker-choice.ts';
export { guardMcpClient } from './mcp/guard-mcp-client.ts';
export type { GuardMcpClientOptions } from './mcp/guard-mcp-client-options.ts';
export type { McpClientLike } from './mcp/mcp-client-like.ts';
