import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { fieldOf } from '../llm/read-field.ts';
import type { Permit } from '../permit.ts';
import { isTimeout } from '../supervised-run.ts';

/** What is wrong with what the model has said, not with what was called. */
const mistakesOfTheModel: readonly unknown[] = [
  'ToolInvocationError',
  'ToolInputParsingException',
  'StructuredOutputParsingError',
  'MultipleStructuredOutputsError',
];

/**
 * Settles the permit of a call that failed. The caller's signal tells an abort from a timeout, whatever the error. A call that another
 * breaker has not let through says nothing of what was called.
 *
 * @param signals - Those that can end the call, where known.
 */
export function settleFailure(permit: Permit, error: unknown, ...signals: readonly (AbortSignal | undefined)[]): void {
  const aborted = signals.find((signal) => signal?.aborted);
  if (aborted && isTimeout(aborted.reason)) permit.fail(aborted.reason);
  else if (aborted) permit.cancel();
  else if (isControlFlow(error) || isMistakeOfTheModel(error) || CircuitBreakerOpenError.isInstance(error))
    permit.ignore();
  else permit.fail(error);
}

/** Interrupts and commands of LangGraph are thrown, and no errors. */
export function isControlFlow(error: unknown): boolean {
  return fieldOf(error, 'is_bubble_up') === true;
}

/** Tells whether an error says that the model has asked for something that does not fit. */
export function isMistakeOfTheModel(error: unknown): boolean {
  const names = [fieldOf(error, '~brand'), fieldOf(error, 'name'), fieldOf(fieldOf(error, 'constructor'), 'name')];
  return names.some((name) => mistakesOfTheModel.includes(name));
}
