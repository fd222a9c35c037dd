import type { BreakerInput } from '../../machines/settings/breaker-input.ts';
import { inputRules } from '../../machines/settings/breaker-settings.ts';
import type { BreakerMachineOptions } from './machine-options.ts';

/** The options that are data and are given; a copy, so that the caller's object is not held. */
export function inputOf(options: BreakerMachineOptions): BreakerInput {
  const input: Record<string, unknown> = {};
  for (const option of Object.keys(inputRules)) {
    const value: unknown = Reflect.get(options, option);
    // A function as recoveryBackoff is no data: it is provided.
    if (value === undefined || typeof value === 'function') continue;
    input[option] = typeof value === 'object' ? { ...value } : value;
  }
  return input;
}
