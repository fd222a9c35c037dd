import type { ModelErrorKind } from './model-error-kind.ts';

/** JSON-RPC's own codes, and those of the Model Context Protocol. */
const rpcKinds: Readonly<Record<number, ModelErrorKind>> = {
  [-32000]: 'connection',
  [-32001]: 'timeout',
  [-32002]: 'badRequest',
  [-32042]: 'permission',
  [-32600]: 'badRequest',
  [-32601]: 'badRequest',
  [-32602]: 'badRequest',
  [-32603]: 'serverError',
  [-32700]: 'badRequest',
};

/** The kind that a JSON-RPC code stands for. */
export function kindOfRpcCode(code: number | undefined): ModelErrorKind | undefined {
  return code === undefined ? undefined : rpcKinds[code];
}
