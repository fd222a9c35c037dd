import type { ModelRequest } from 'langchain';
import type { BreakerFor } from '../breaker/breaker-choice.ts';
import { fieldAt } from '../llm/read-field.ts';

/**
 * Which breaker guards a model call: one for all models, one per model name, or what a function of the request says;
 * undefined for a call that is made without.
 */
export type ModelBreakers = BreakerFor<ModelRequest>;

/** Where a model carries its name; the last is that of `initChatModel`. */
const whereNamesAre = [['model'], ['modelName'], ['_defaultConfig', 'model']] as const;

/** The name of the model that a call is made with, such as `gpt-5`; the name of its class where it has none. */
export function nameOfModel({ model }: ModelRequest): string {
  for (const path of whereNamesAre) {
    const name = fieldAt(model, ...path);
    if (typeof name === 'string' && name !== '') return name;
  }
  return model.getName();
}
