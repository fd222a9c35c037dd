import { assign } from 'xstate';
import { modeOf } from '../../machines/counting/counting-mode.ts';
import { noOutcomes } from '../../machines/counting/outcome-counts.ts';
import { inputIn, isFirst, isSentAgain } from '../../machines/event-facts.ts';
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
  // An actor that was restored has settings that were made elsewhere.
  const made = new WeakSet([settings]);
  return customiseMachine(options, createErrorJudge(options, userCode), userCode).provide({
    guards: { isUnconfigured: ({ context, event }) => !made.has(context.settings) && !isSentAgain(event) },
    actions: {
      configure: assign(({ context, event }) => {
        if (isFirst(event)) {
          const overrides = Object.entries(inputIn(event)).filter(([, value]) => value !== undefined);
          const merged: BreakerInput = { ...given, ...Object.fromEntries(overrides) };
          const own = overrides.length > 0 ? resolveSettings(merged) : settings;
          made.add(own);
          return { name: merged.name ?? 'breaker', settings: own };
        }
        if (made.has(context.settings)) return {};
        const isOtherMode = modeOf(settings) !== modeOf(context.settings);
        return { name: given.name ?? context.name, settings, ...(isOtherMode && noOutcomes) };
      }),
    },
  });
}
