import { type ToolBreakers, toBreakerOf } from '../breaker/breaker-choice.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { AbortWatch } from '../platform/abort-watch.ts';
import { checkGuardMcpClientOptions, type GuardMcpClientOptions } from './guard-mcp-client-options.ts';
import { guardRequest } from './guard-request.ts';
import { callOn, inFrontOf, type Method } from './in-front-of.ts';
import { type McpClientLike, readingRequests } from './mcp-client-like.ts';
import { toRejectedResult } from './rejected-result.ts';

/**
 * Puts breakers in front of the tool calls of a client of the Model Context Protocol. Failures of the connection, errors
 * of the server and timeouts count; a tool that says `isError: true` has answered, so that is a success. The caller's
 * abort, an unknown method and wrong parameters are neutral. Where a circuit is open the model gets a result that tells
 * it so, and goes on without the tool.
 *
 * `callTool` is guarded, not `experimental.tasks`. The breakers' `timeout` and `fallback` play no part: a request has a
 * timeout of its own.
 *
 * @param client - The client; it is not changed, and may still be used unguarded.
 * @param breakers - A breaker for all tools, a registry for one breaker per tool name, or a function of the tool's name.
 * @param options - What a rejection looks like, and a breaker for the other requests.
 * @returns The client with the guard in front of it; whatever else it can do it does as before.
 * @throws TypeError for breakers that are none; BreakerOptionsError for an option that is unknown or wrong.
 * @example
 * ```ts
 * const tools = createBreakerRegistry({ failureThreshold: 3, recoveryTimeout: 30_000 });
 * const guarded = guardMcpClient(client, tools);
 * const result = await guarded.callTool({ name: 'search', arguments: { query: 'weather' } });
 * ```
 */
export function guardMcpClient<C extends McpClientLike>(
  client: C,
  breakers: ToolBreakers,
  options: GuardMcpClientOptions = {},
): C {
  const breakerOf = toBreakerOf(breakers, { asker: 'guardMcpClient', keyOf: (tool) => tool });
  checkGuardMcpClientOptions(options);
  const { onOpen = 'result', requests } = options;
  const abortWatch = new AbortWatch();
  const senderOf = (name: string) => (args: readonly unknown[]) => callOn(client, name, args);
  const callTool = senderOf('callTool');
  const guards = new Map<PropertyKey, Method>();
  guards.set('callTool', async (...args) => {
    const tool = toolNameOf(args[0]);
    // A call without a tool's name is the SDK's to refuse.
    if (tool === undefined) return callTool(args);
    try {
      const breaker = breakerOf(tool);
      return await (breaker ? guardRequest(breaker, { send: callTool, args, abortWatch }) : callTool(args));
    } catch (error) {
      // Maybe by a breaker further in, such as one of the connection.
      if (onOpen === 'result' && CircuitBreakerOpenError.isInstance(error)) return toRejectedResult(error, tool);
      throw error;
    }
  });
  if (requests)
    for (const name of readingRequests)
      guards.set(name, async (...args) => guardRequest(requests, { send: senderOf(name), args, abortWatch }));
  return inFrontOf(client, guards);
}

function toolNameOf(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null || !('name' in params)) return undefined;
  return typeof params.name === 'string' && params.name !== '' ? params.name : undefined;
}
