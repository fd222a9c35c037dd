import type { BreakerInput } from '../machines/breaker-input.ts';
import { inputRules } from '../machines/breaker-settings.ts';
import type { BreakerMachineOptions } from './breaker-options.ts';

/** The options that are data and are given; a copy, so that the caller's object is not held. */
export function inputOf(options: BreakerMachineOptions): BreakerInput {
  const entries = Object.keys(inputRules).map((option) => [option, Reflect.get(options, option)]);
  // A function as recoveryBackoff is no data: it is provided.
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && typeof value !== 'function'));
}
