import { fieldOf, textOf } from '../llm/read-field.ts';

/**
 * JSON-RPC errors with which a server that works turns down what it was asked: no such method, wrong parameters, no such
 * resource, a page that the user has to visit first.
 */
const turnedDown: readonly unknown[] = [-32600, -32601, -32602, -32700, -32002, -32042];

/** Statuses of a client that say something of the server, or of the key to it. */
const telling: readonly unknown[] = [401, 402, 408, 424, 429, 498, 499];

/**
 * Tells whether an error says nothing of the server but that it has turned a request down. Over HTTP the SDK has the status
 * for a code: 404 is a session that the server does not know any more. Servers give that the number of a timeout, too.
 */
export function isTurnedDown(error: unknown): boolean {
  const code = fieldOf(error, 'code');
  if (turnedDown.includes(code)) return true;
  const message = textOf(error, 'message') ?? '';
  if (code === -32001 || code === -32000) return /\bsession\b/i.test(message);
  // The older transport puts the status into words.
  const status = typeof code === 'number' ? code : Number(/\(HTTP (\d{3})\)/.exec(message)?.[1]);
  return status >= 400 && status < 500 && !telling.includes(status);
}
