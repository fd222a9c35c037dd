import type { Failure } from './dialect.ts';

const statusNames: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

const messages: ReadonlyMap<number, string> = new Map([
  [404, 'models/gemini-test is not found for API version v1beta, or is not supported for generateContent.'],
  [429, 'Resource has been exhausted (e.g. check quota).'],
  [503, 'The model is overloaded. Please try again later.'],
]);

/** Makes the body of an error of Google's; what is left out follows from the status. */
export function toGeminiError(failure: Failure): object {
  const { code, status } = failure;
  const type = failure.type ?? statusNames.get(status) ?? 'INVALID_ARGUMENT';
  return {
    error: {
      code: status,
      message: failure.message ?? messages.get(status) ?? 'The request could not be served.',
      status: type,
      ...(code == null ? {} : { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code }] }),
    },
  };
}
