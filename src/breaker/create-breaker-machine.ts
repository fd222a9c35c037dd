import { assign } from 'xstate';
import { inputIn } from '../../machines/event-facts.ts';
import type { BreakerInput } from '../../machines/settings/breaker-input.ts';
import { resolveSettings } from '../../machines/settings/breaker-settings.ts';
import { type CircuitBreakerMachine, customiseMachine } from '../machine/customise-machine.ts';
import { createErrorJudge } from '../machine/judge-error.ts';
import { inputOf } from '../machine/machine-input.ts';
import type { BreakerMachineOptions } from '../machine/machine-options.ts';
import { checkMachineOptions } from '../options/check-options.ts';
import { UserCode } from '../platform/user-code.ts';

/**
 * The breaker's machine with options applied, ready to run, spawn or invoke. `input` given to an actor of it
 * overrides the options that are data; a function as `recoveryBackoff` stays.
 *
 * @param options - Everything that decides; callbacks, `fallback`, `timeout` and `clock` belong to a facade.
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 *
 * @example
 * ```ts
 * const machine = createBreakerMachine({ failureThreshold: 3, excludedErrors: [TypeError] });
 * const breaker = createActor(machine, { input: { name: 'search' } }).start();
 * ```
 */
export function createBreakerMachine(options: BreakerMachineOptions = {}): CircuitBreakerMachine {
  checkMachineOptions(options);
  const given = inputOf(options);
  const settings = resolveSettings(given);
  const userCode = new UserCode(options.onCallbackError);
  return customiseMachine(options, createErrorJudge(options, userCode), userCode).provide({
    actions: {
      configure: assign(({ event }) => {
        const overrides = Object.entries(inputIn(event)).filter(([, value]) => value !== undefined);
        const merged: BreakerInput = { ...given, ...Object.fromEntries(overrides) };
        return { name: merged.name ?? 'breaker', settings: overrides.length > 0 ? resolveSettings(merged) : settings };
      }),
    },
  });
}
