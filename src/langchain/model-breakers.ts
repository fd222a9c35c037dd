import type { ModelRequest } from 'langchain';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';
import { fieldAt } from '../llm/read-field.ts';
import type { BreakerRegistry } from '../registry/breaker-registry.ts';

/**
 * Which breaker guards a model call: one for all models, one per model name, or what a function of the request says;
 * undefined for a call that is made without.
 */
export type ModelBreakers = CircuitBreaker | BreakerRegistry | ((request: ModelRequest) => CircuitBreaker | undefined);

/** The breaker that guards a model call. */
export function breakerOfModel(breakers: ModelBreakers, request: ModelRequest): CircuitBreaker | undefined {
  if (typeof breakers === 'function') return breakers(request);
  return isBreaker(breakers) ? breakers : breakers.get(nameOfModel(request.model));
}

/** Where a model carries its name; the last is that of `initChatModel`. */
const whereNamesAre = [['model'], ['modelName'], ['_defaultConfig', 'model']] as const;

/** The model's name, such as `gpt-5`; the name of its class where it has none. */
function nameOfModel(model: ModelRequest['model']): string {
  for (const path of whereNamesAre) {
    const name = fieldAt(model, ...path);
    if (typeof name === 'string' && name !== '') return name;
  }
  return model.getName();
}
