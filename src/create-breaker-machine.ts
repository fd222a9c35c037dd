import { assign } from 'xstate';
import type { BreakerEvent } from '../machines/breaker-events.ts';
import { type BreakerInput, resolveSettings } from '../machines/breaker-settings.ts';
import { circuitBreakerMachine } from '../machines/circuit-breaker.machine.ts';
import { carriesError } from '../machines/hidden-error.ts';
import type { BreakerMachineOptions } from './breaker-options.ts';
import { checkMachineOptions } from './check-options.ts';
import { createErrorJudge, type JudgeError } from './judge-error.ts';
import { UserCode } from './user-code.ts';

/** The machine behind every breaker. */
export type CircuitBreakerMachine = typeof circuitBreakerMachine;

/**
 * The breaker's machine with options applied, ready to run, spawn or invoke. `input` given to an actor of it
 * overrides the options that are data.
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
  const { failurePredicate, excludedErrors, onCallbackError, ...given } = options;
  const judge = createErrorJudge({ failurePredicate, excludedErrors }, new UserCode(onCallbackError));
  const settings = resolveSettings(given);
  return circuitBreakerMachine.provide({
    actions: {
      configure: assign(({ event }) => {
        const input = definedEntries('input' in event ? event.input : undefined);
        const merged: BreakerInput = { ...given, ...input };
        return { name: merged.name ?? 'breaker', settings: input ? resolveSettings(merged) : settings };
      }),
    },
    guards: judge ? judgingGuards(judge) : {},
  });
}

/** The guards of a machine that judges errors; an event without one counts, since there is nothing to judge. */
export function judgingGuards(judge: JudgeError) {
  return {
    countsAsFailure: ({ event }: { readonly event: BreakerEvent }) => !carriesError(event) || judge(event.error),
  };
}

function definedEntries(input: unknown): object | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
