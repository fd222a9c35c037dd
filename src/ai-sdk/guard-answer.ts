import type { Breaker } from '../breaker/breaker.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { fieldAt } from '../llm/read-field.ts';
import { failureToldIn } from '../llm/told-failure.ts';
import { AnswerFailedError } from './answer-failed-error.ts';
import { endOf } from './finish-reason.ts';
import type { ModelCallParams } from './model-types.ts';
import type { AnswerFlaw } from './stream-flaw.ts';
import { flawOfVectors } from './vector-flaw.ts';

/**
 * Asks a model for a whole answer, be it text, vectors or whatever else, unless the circuit rejects. What the model returns or
 * throws passes through unchanged.
 *
 * @param ask - Asks the model itself.
 * @param timeout - The deadline, in milliseconds; that of the breaker where it is left out.
 * @returns The model's answer. Rejects with the model's own error, with the caller's `reason`, with `CallTimeoutError`
 *   where the breaker has a `timeout`, or with `CircuitBreakerOpenError` when the model was not asked.
 */
export async function guardAnswer<Params extends ModelCallParams, Answer>(
  breaker: Breaker,
  ask: (params: Params) => PromiseLike<Answer>,
  params: Params,
  timeout: number | undefined,
): Promise<Answer> {
  const failed: { readonly answer: Answer; readonly error: unknown }[] = [];
  const askAndJudge = async (signal: AbortSignal) => {
    const answer = await ask({ ...params, abortSignal: signal });
    const flaw = flawOf(params, answer, breaker.name);
    if (flaw === undefined) return answer;
    failed.push({ answer, error: flaw.error });
    throw flaw.error;
  };
  try {
    return await breaker.run(({ signal }) => askAndJudge(signal), {
      signal: params.abortSignal,
      timeout,
      fallback: rethrow,
    });
  } catch (error) {
    // The circuit has to hear of it, the caller gets the answer.
    for (const { answer, error: reported } of failed) if (error === reported) return answer;
    throw error;
  }
}

function flawOf(params: unknown, answer: unknown, name: string): AnswerFlaw | undefined {
  // The SDK keeps what it does not understand, such as an error beside the choices.
  const told = failureToldIn(fieldAt(answer, 'response', 'body'));
  if (told !== undefined || endOf(answer) === 'failed') return { error: new AnswerFailedError(name, told) };
  return flawOfVectors(params, answer, name);
}

function rethrow(rejection: CircuitBreakerOpenError): never {
  throw rejection;
}
