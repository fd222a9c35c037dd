import { fieldOf } from '../llm/read-field.ts';

/**
 * JSON-RPC errors with which a server that works turns down what it was asked: no such method, wrong parameters, no such
 * resource, a page that the user has to visit first.
 */
const turnedDown: readonly unknown[] = [-32600, -32601, -32602, -32700, -32002, -32042];

/** Tells whether an error says nothing of the server but that it has turned a request down. */
export function isTurnedDown(error: unknown): boolean {
  return turnedDown.includes(fieldOf(error, 'code'));
}
