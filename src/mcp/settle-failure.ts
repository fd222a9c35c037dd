import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import type { Permit } from '../permit.ts';
import { isTimeout } from '../supervised-run.ts';

/**
 * JSON-RPC errors with which a server that works turns down what it was asked: no such method, wrong parameters, no such
 * resource, a page that the user has to visit first.
 */
const turnedDown: readonly unknown[] = [-32600, -32601, -32602, -32700, -32002, -32042];

/**
 * Settles the permit of a request that failed. Only the caller's signal tells an abort from a timeout: the error of both
 * has code -32001. A request that another breaker has not let through says nothing of the server.
 */
export function settleFailure(permit: Permit, error: unknown, signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    if (isTimeout(signal.reason)) permit.fail(signal.reason);
    else permit.cancel();
  } else if (turnedDown.includes(fieldOf(error, 'code')) || CircuitBreakerOpenError.isInstance(error)) permit.ignore();
  else permit.fail(error);
}
