/** Finish reasons by which vendors say what has failed: DeepSeek, and Cohere, twice. */
const codes: ReadonlyMap<string, string> = new Map([
  ['insufficient_system_resource', 'insufficient_system_resource'],
  ['timeout', 'timeout_error'],
  ['overloaded', 'overloaded_error'],
  ['engine_overloaded', 'overloaded_error'],
  ['error_toxic', 'content_filter'],
  ['error_limit', 'context_length_exceeded'],
]);

/**
 * The code of the failure that a finish reason tells: "error" of most vendors, "network_error" of Zhipu's, "abort" of
 * vLLM's.
 *
 * @returns undefined for the end of an answer that went well, was refused or is too long.
 */
export function codeOfFinishReason(reason: unknown): string | undefined {
  if (typeof reason !== 'string' || reason === 'stop') return undefined;
  const name = reason.toLowerCase();
  const isFailure = /^(?:error|failed|failure|abort(?:ed)?|[a-z_]{1,30}_error)$/.test(name);
  return codes.get(name) ?? (isFailure ? 'answer_failed' : undefined);
}
