import { describeValue } from '../../machines/settings/describe-value.ts';
import { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { BreakerRegistry } from '../registry/breaker-registry.ts';
import type { ModelIdentity } from './model-types.ts';

/**
 * Whose circuit the calls of a model pass: one breaker, one of a registry (its key is `provider/modelId`), or what a
 * function says, which is asked for each call.
 */
export type BreakerChoice = CircuitBreaker | BreakerRegistry | ((model: ModelIdentity) => CircuitBreaker);

/**
 * Turns a choice into the function that makes it.
 *
 * @throws TypeError if it is none; the function throws one if what it was given returns no breaker.
 */
export function toBreakerOf(choice: BreakerChoice): (model: ModelIdentity) => CircuitBreaker {
  if (choice instanceof CircuitBreaker) return () => choice;
  if (choice instanceof BreakerRegistry) return ({ provider, modelId }) => choice.get(`${provider}/${modelId}`);
  const wanted = 'circuitBreakerMiddleware wants a breaker, a registry or a function that returns a breaker';
  if (typeof choice !== 'function') throw new TypeError(`${wanted}, but was given ${describeValue(choice)}.`);
  return (model) => {
    const breaker: unknown = choice(model);
    if (breaker instanceof CircuitBreaker) return breaker;
    throw new TypeError(`${wanted}, but it returned ${describeValue(breaker)}.`);
  };
}
