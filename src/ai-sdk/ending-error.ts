import { fieldOf } from '../llm/read-field.ts';

const markers = ['vercel.ai.error.AI_APICallError', 'vercel.ai.gateway.error'].map((name) => Symbol.for(name));

/**
 * The error of a call whose circuit is open, so that the SDK does not wait and try again: a copy of one that it would
 * retry, an APICallError or a GatewayError like the original, which is its `cause`. Any other error is given back.
 */
export function endingError(error: unknown): unknown {
  if (!(error instanceof Error) || fieldOf(error, 'isRetryable') !== true) return error;
  if (!markers.some((marker) => Reflect.get(error, marker) === true)) return error;
  const copy = Object.setPrototypeOf(new Error(error.message), Object.getPrototypeOf(error));
  return Object.defineProperties(copy, {
    ...Object.getOwnPropertyDescriptors(error),
    cause: { value: error, configurable: true, writable: true },
    stack: { value: error.stack, configurable: true, writable: true },
    isRetryable: { value: false, configurable: true, enumerable: true, writable: true },
  });
}
