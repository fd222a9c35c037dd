import { propertyOf } from '../../machines/property-of.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import { checkCombinations, inputRules } from '../../machines/settings/breaker-settings.ts';
import {
  aFunction,
  arrayOfClasses,
  checkOptions,
  count,
  duration,
  type OptionRule,
  rejectOption,
} from '../../machines/settings/option-rules.ts';
import { inputOf } from '../machine/machine-input.ts';
import type { BreakerMachineOptions } from '../machine/machine-options.ts';
import type { AttachOptions, BreakerOptions } from './breaker-options.ts';
import { aClock } from './check-call-options.ts';
import { foreignNameHint } from './foreign-names.ts';
import type { BreakerOverrides, BreakerRegistryOptions } from './registry-options.ts';
import { hintAtSeconds } from './seconds-hint.ts';
import { aRegistrySnapshot, aSnapshot } from './snapshot-rules.ts';

const anInspector: OptionRule = (option, value) => {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null))
    rejectOption(option, 'a function or an observer with next', value);
};

const aBackoff: OptionRule = (option, value) => {
  if (typeof value !== 'function') inputRules.recoveryBackoff(option, value);
};

const aFleet: OptionRule = (option, value) => {
  const logic = propertyOf(propertyOf(value, 'actors'), 'fleet');
  const methods = ['transition', 'getInitialSnapshot'];
  const isFleet = methods.every((method) => typeof propertyOf(logic, method) === 'function');
  if (!isFleet) rejectOption(option, 'a fleet, such as redisFleet() makes', value);
};

/** Breakers of one name share one circuit: those that nobody has named would share that of strangers. */
function checkName({ fleet, name, snapshot }: BreakerOptions): void {
  if (fleet === undefined || name !== undefined || snapshot !== undefined) return;
  throw new BreakerOptionsError(
    'name',
    'name must be given together with fleet: breakers of the same name share a circuit.',
  );
}

/** Failures of several processes cannot be in a row, and a rate would need every success, too. */
function checkSharing({ fleet, failureWindow, failureRateThreshold }: BreakerMachineOptions): void {
  if (!fleet?.actors.fleet.sharesFailures || (failureWindow !== undefined && failureRateThreshold === undefined))
    return;
  const message =
    'fleet counts failures together (shareFailures): that needs failureWindow, and no failureRateThreshold.';
  throw new BreakerOptionsError('fleet', message);
}

/** Options that decide. */
const machineRules = {
  ...inputRules,
  recoveryBackoff: aBackoff,
  failurePredicate: aFunction,
  excludedErrors: arrayOfClasses,
  classifyError: aFunction,
  fleet: aFleet,
  onCallbackError: aFunction,
} as const;

/** Options of a facade over any actor. */
const attachRules = {
  clock: aClock,
  fallback: aFunction,
  timeout: duration,
  onStateChange: aFunction,
  onOpen: aFunction,
  onClose: aFunction,
  onHalfOpen: aFunction,
  onIsolate: aFunction,
  onSuccess: aFunction,
  onFailure: aFunction,
  onReject: aFunction,
  onSettle: aFunction,
  onCallbackError: aFunction,
} as const;

const { notifyParent: _notifyParent, ...ownMachineRules } = machineRules;

/** One rule per option of `createBreaker`: the list of all options there are. */
export const breakerRules = {
  ...ownMachineRules,
  ...attachRules,
  failureResult: aFunction,
  inspect: anInspector,
  snapshot: aSnapshot,
} as const;

/** Options of a registry, and of one breaker in it. */
const { name: _name, snapshot: _snapshot, ...sharedRules } = breakerRules;
const registryRules = { ...sharedRules, maxSize: count, snapshot: aRegistrySnapshot };
const { clock: _clock, inspect: _inspect, ...overrideRules } = breakerRules;

/**
 * Checks the options of `createBreaker`.
 *
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 */
export function checkBreakerOptions(options: BreakerOptions): void {
  const reason = 'is an option of a machine: the actor of createBreaker has no parent';
  checkOptions(options, breakerRules, { rules: machineRules, reason, hintAt: foreignNameHint });
  checkCombinations(inputOf(options));
  checkSharing(options);
  checkName(options);
  hintAtSeconds(options);
}

/** Checks the options of `createBreakerMachine`, like `checkBreakerOptions`. */
export function checkMachineOptions(options: BreakerMachineOptions): void {
  const reason = 'is an option of a facade, such as createBreaker; a machine has no calls to apply it to';
  checkOptions(options, machineRules, { rules: breakerRules, reason, hintAt: foreignNameHint });
  checkCombinations(inputOf(options));
}

/** Checks the options of `attachBreaker`, like `checkBreakerOptions`. */
export function checkAttachOptions(options: AttachOptions): void {
  const reason = 'is no option of attachBreaker: how calls are judged belongs to the machine of the actor';
  checkOptions(options, attachRules, { rules: breakerRules, reason, hintAt: foreignNameHint });
}

/** Checks the options of `createBreakerRegistry`, like `checkBreakerOptions`. */
export function checkRegistryOptions(options: BreakerRegistryOptions): void {
  const reason = 'is an option of a single breaker: a registry names its breakers by their keys; give it to get()';
  checkOptions(options, registryRules, { rules: breakerRules, reason, hintAt: foreignNameHint });
  checkCombinations(inputOf(options));
  checkSharing(options);
  hintAtSeconds(options);
}

/** Checks the options of one breaker of a registry, like `checkBreakerOptions`. */
export function checkOverrides(options: BreakerOverrides): void {
  const reason = 'is an option of the registry: its breakers live in one actor system';
  checkOptions(options, overrideRules, { rules: breakerRules, reason, hintAt: foreignNameHint });
}
