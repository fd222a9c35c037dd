/** What a client needs so that its tool calls can be guarded; the `Client` of `@modelcontextprotocol/sdk` has it. */
export interface McpClientLike {
  callTool(params: { readonly name: string }, ...rest: never[]): Promise<unknown>;
}

/** What can be guarded besides tool calls: requests that nothing but the server answers. */
export const readingRequests = [
  'listTools',
  'listPrompts',
  'listResources',
  'listResourceTemplates',
  'readResource',
  'getPrompt',
  'complete',
] as const;
