import {
  aBoolean,
  aFunction,
  checkOptions,
  duration,
  numberBetween,
  type OptionRule,
  objectOf,
  rejectOption,
} from '../../machines/settings/option-rules.ts';
import { type ModelErrorKind, modelErrorKinds } from './model-error-kind.ts';
import { type ModelErrorRule, type ModelErrorRules, modelErrorRules } from './model-error-rules.ts';

/** Changes of one rule; what is left out stays. */
export type ModelErrorRuleChanges = {
  readonly [Field in keyof ModelErrorRule]?: ModelErrorRule[Field] | undefined;
};

/** What can be changed about the judgement of model calls. */
export interface ModelCallsOptions {
  /**
   * Changes of single fields of single rules; what is left out stays as in `modelErrorRules`.
   * @default none
   */
  readonly rules?: { readonly [Kind in ModelErrorKind]?: ModelErrorRuleChanges | undefined } | undefined;
  /**
   * Tells the present in epoch milliseconds, for hints that are dates.
   * @default the wall clock
   */
  readonly now?: (() => number) | undefined;
  /**
   * By how much of itself a wait that the provider asks for is lengthened at most, by chance and by no more than 5 s, so
   * that not all who were told the same come back at once; from 0, which turns it off, to 1.
   * @default 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * Draws a number from 0 to 1 (1 excluded) for the jitter.
   * @default that of the system's clock, Math.random
   */
  readonly random?: (() => number) | undefined;
}

const opensAtOnce: OptionRule = (option, value) => {
  if (typeof value === 'boolean') return;
  if (typeof value !== 'number') rejectOption(option, 'true, false or a duration in milliseconds', value);
  duration(option, value);
};

const aRule = objectOf({ counts: aBoolean, opensAtOnce, defaultWaitMs: duration, longestWaitMs: duration });
const rules = objectOf(Object.fromEntries(modelErrorKinds.map((kind) => [kind, aRule])));

/**
 * Checks the options and puts the changes into the rules.
 *
 * @throws BreakerOptionsError that names the kind and the field that is unknown or out of range.
 */
export function resolveRules(options: ModelCallsOptions): ModelErrorRules {
  checkOptions(options, { rules, now: aFunction, jitter: numberBetween(0, 1), random: aFunction });
  const merged: Record<ModelErrorKind, ModelErrorRule> = { ...modelErrorRules };
  for (const kind of modelErrorKinds) merged[kind] = { ...merged[kind], ...givenFields(options.rules?.[kind]) };
  return merged;
}

/** A field that is undefined counts as left out, as everywhere in options. */
function givenFields(changes: ModelErrorRuleChanges = {}): Partial<ModelErrorRule> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
