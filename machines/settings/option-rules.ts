import { BreakerOptionsError } from './breaker-options-error.ts';
import { describeValue } from './describe-value.ts';

/** The longest duration that a platform timer can wait, in milliseconds (2^31 - 1, about 24.8 days). */
export const longestDurationMs = 2_147_483_647;

/** Judges the value of one option; throws a BreakerOptionsError that names the option. */
export type OptionRule = (option: string, value: unknown) => void;

/** The highest number of calls that an option can ask for. */
export const highestCount = 2_147_483_647;

/** Accepts a whole number from 1 to `highest`. */
export function integerUpTo(highest: number): OptionRule {
  return (option, value) => {
    if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > highest)
      rejectOption(option, `an integer from 1 to ${highest}`, value);
  };
}

/** Accepts a number of calls. */
export const count: OptionRule = integerUpTo(highestCount);

/** Accepts a number from `lowest` to `highest`. */
export function numberBetween(lowest: number, highest: number): OptionRule {
  return (option, value) => {
    if (typeof value !== 'number' || !(value >= lowest && value <= highest))
      rejectOption(option, `a number from ${lowest} to ${highest}`, value);
  };
}

/** Accepts a share of calls that can be reached: above 0, at most 1. */
export const positiveRatio: OptionRule = (option, value) => {
  if (typeof value !== 'number' || !(value > 0 && value <= 1))
    rejectOption(option, 'a ratio above 0 and at most 1', value);
};

/** Accepts a duration in milliseconds, whole or fractional, that a timer can really wait. */
export const duration: OptionRule = (option, value) => {
  if (typeof value !== 'number' || !(value >= 1 && value <= longestDurationMs))
    rejectOption(option, `a duration in milliseconds from 1 to ${longestDurationMs}`, value);
};

/** Accepts a string with at least one character. */
export const nonEmptyString: OptionRule = (option, value) => {
  if (typeof value !== 'string' || value === '') rejectOption(option, 'a non-empty string', value);
};

/** Accepts true and false. */
export const aBoolean: OptionRule = (option, value) => {
  if (typeof value !== 'boolean') rejectOption(option, 'true or false', value);
};

/** Accepts a function. */
export const aFunction: OptionRule = (option, value) => {
  if (typeof value !== 'function') rejectOption(option, 'a function', value);
};

/** Accepts one of certain words or numbers. */
export function oneOf(...wanted: readonly (string | number)[]): OptionRule {
  return (option, value) => {
    if (wanted.some((one) => one === value)) return;
    rejectOption(option, wanted.map((one) => (typeof one === 'string' ? `'${one}'` : one)).join(' or '), value);
  };
}

/**
 * Accepts an object with certain properties.
 *
 * @param rules - One rule per property, which is named `option.property` where it is wrong.
 * @param required - The properties that must not be left out.
 */
export function objectOf(rules: OptionRules, required: readonly string[] = []): OptionRule {
  return (option, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) rejectOption(option, 'an object', value);
    for (const property of new Set([...Object.keys(value), ...required])) {
      const rule = Object.hasOwn(rules, property) ? rules[property] : undefined;
      const given: unknown = Reflect.get(value, property);
      if (!rule) throw new BreakerOptionsError(option, `In ${option}, ${whyUnknown(property, Object.keys(rules))}`);
      if (given !== undefined || required.includes(property))
        nameWhole(option, () => rule(`${option}.${property}`, given));
    }
  };
}

/** A property of an option may be wrong, but it is the option that the error is of. */
function nameWhole(option: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw BreakerOptionsError.isInstance(error) ? new BreakerOptionsError(option, error.message) : error;
  }
}

/** Accepts an array of classes (constructors). */
export const arrayOfClasses: OptionRule = (option, value) => {
  if (!Array.isArray(value)) rejectOption(option, 'an array of classes', value);
  for (const entry of value)
    if (typeof entry !== 'function' || !('prototype' in entry))
      throw new BreakerOptionsError(
        option,
        `${option} must be an array of classes, but one entry was ${describeValue(entry)}.`,
      );
};

/** Says which of the known options is meant by a name; undefined where none is. */
export type HintAt = (given: string, known: readonly string[]) => string | undefined;

/** One rule per option. */
export type OptionRules = Readonly<Record<string, OptionRule>>;

/**
 * Checks every property of an options object against its rule.
 *
 * @param options - What the caller gave; properties that are `undefined` count as left out.
 * @param rules - One rule per known option.
 * @param elsewhere - Options that exist but do not belong here, and why not, and a hint for what others call them.
 * @throws BreakerOptionsError for the first option that is unknown, misplaced or out of range.
 */
export function checkOptions(
  options: unknown,
  rules: OptionRules,
  elsewhere?: { readonly rules: OptionRules; readonly reason: string; readonly hintAt?: HintAt },
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    rejectOption('options', 'an object', options);
  // Also what is inherited, or a getter: reading the option would find it, too.
  for (const option of Object.keys(rules)) {
    const value: unknown = option in options ? Reflect.get(options, option) : undefined;
    if (value !== undefined) rules[option]?.(option, value);
  }
  for (const option of Object.keys(options)) {
    if (Object.hasOwn(rules, option) || Reflect.get(options, option) === undefined) continue;
    if (elsewhere && Object.hasOwn(elsewhere.rules, option))
      throw new BreakerOptionsError(option, `${option} ${elsewhere.reason}.`);
    throw new BreakerOptionsError(option, whyUnknown(option, Object.keys(rules), elsewhere?.hintAt));
  }
}

/** Throws the BreakerOptionsError for a value that an option cannot have. */
export function rejectOption(option: string, wanted: string, value: unknown): never {
  throw new BreakerOptionsError(option, `${option} must be ${wanted}, but was ${describeValue(value)}.`);
}

function whyUnknown(option: string, known: readonly string[], hintAt?: HintAt): string {
  const near = known.find((name) => isNear(name, option));
  const hint = near ? `Did you mean ${near}?` : hintAt?.(option, known);
  return `${JSON.stringify(option)} is not an option here. ${hint ?? `Known options are: ${known.join(', ')}.`}`;
}

/** Same letters but for case and underscores, or one typing slip (an insertion, loss or change) away. */
function isNear(known: string, given: string): boolean {
  const a = known.toLowerCase();
  const b = given.toLowerCase().replaceAll('_', '');
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
