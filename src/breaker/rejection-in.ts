import { propertyOf } from '../../machines/property-of.ts';
import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';

const deepest = 10;
const ourCode = 'ERR_CIRCUIT_OPEN';

/**
 * Tells whether an error says that a breaker did not let a call through: a rejection, an error of an SDK around one, or
 * one with its HTTP answer (`toResponse()`) in it. Several attempts are a rejection where the last one is, or all are.
 */
export function isRejected(error: unknown): boolean {
  try {
    return saysSo(error, deepest);
  } catch {
    // An error that cannot be read says nothing.
    return false;
  }
}

function saysSo(error: unknown, depth: number): boolean {
  if (CircuitBreakerOpenError.isInstance(error) || isAnswer(error)) return true;
  if (depth === 0) return false;
  const last = propertyOf(error, 'lastError') ?? propertyOf(error, 'cause');
  if (last !== undefined && saysSo(last, depth - 1)) return true;
  const errors = propertyOf(error, 'errors');
  return Array.isArray(errors) && errors.length > 0 && errors.slice(0, 100).every((one) => saysSo(one, depth - 1));
}

/** Where clients put the body of an answer. */
function isAnswer(error: unknown): boolean {
  const bodies = ['error', 'body', 'data', 'responseBody'].map((name) => propertyOf(error, name));
  return [error, ...bodies, propertyOf(propertyOf(error, 'response'), 'data')].some(hasOurCode);
}

function hasOurCode(body: unknown): boolean {
  if (typeof body === 'string') return body.includes(`"${ourCode}"`);
  return [body, propertyOf(body, 'error')].some((part) => propertyOf(part, 'code') === ourCode);
}

/** How long a rejection asks to wait, in milliseconds; Infinity where it does not say. */
export function waitOf(rejection: unknown): number {
  return CircuitBreakerOpenError.find(rejection)?.retryAfterMs ?? Number.POSITIVE_INFINITY;
}
