import type { BreakerInput } from '../../machines/settings/breaker-input.ts';
import { defaultRecoveryTimeoutMs, inputRules } from '../../machines/settings/breaker-settings.ts';
import type { BreakerMachineOptions } from './machine-options.ts';

/**
 * The options that are data and are given; a copy, so that the caller's object is not held. A trial's lease lasts as long
 * as the deadline of a call, where that is longer than `recoveryTimeout`: the deadline speaks first.
 */
export function inputOf(options: BreakerMachineOptions & { readonly timeout?: number | undefined }): BreakerInput {
  const input: Record<string, unknown> = {};
  const { timeout, recoveryTimeout = defaultRecoveryTimeoutMs } = options;
  if (timeout !== undefined && timeout > recoveryTimeout) input.trialTimeout = timeout;
  for (const option of Object.keys(inputRules)) {
    const value: unknown = Reflect.get(options, option);
    // A function as recoveryBackoff is no data: it is provided.
    if (value === undefined || typeof value === 'function') continue;
    input[option] = typeof value === 'object' ? { ...value } : value;
  }
  return input;
}
