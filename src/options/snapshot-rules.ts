import { highestTally } from '../../machines/counting/add-up.ts';
import { areSoundCounts } from '../../machines/counting/sound-counts.ts';
import { propertyOf } from '../../machines/property-of.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import {
  duration,
  nonEmptyString,
  type OptionRule,
  type OptionRules,
  objectOf,
  oneOf,
  rejectOption,
} from '../../machines/settings/option-rules.ts';
import type { BreakerSnapshot } from '../circuit/breaker-snapshot.ts';

/** Every property of an object has to be there, but for those that an earlier version did not write. */
function wholeObjectOf(rules: OptionRules, newer: OptionRules = {}): OptionRule {
  return objectOf({ ...rules, ...newer }, Object.keys(rules));
}

function nullOr(rule: OptionRule): OptionRule {
  return (option, value) => {
    if (value !== null) rule(option, value);
  };
}

function arrayOf(rule: OptionRule): OptionRule {
  return (option, value) => {
    if (!Array.isArray(value)) rejectOption(option, 'an array', value);
    for (const [index, entry] of value.entries()) rule(`${option}[${index}]`, entry);
  };
}

const tally: OptionRule = (option, value) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > highestTally)
    rejectOption(option, `a whole number from 0 to ${highestTally}`, value);
};

const talliesByName: OptionRule = (option, value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) rejectOption(option, 'an object', value);
  for (const [name, count] of Object.entries(value)) tally(`${option}.${name}`, count);
};

const instant: OptionRule = (option, value) => {
  if (!Number.isFinite(value)) rejectOption(option, 'an instant in epoch milliseconds', value);
};

const aString: OptionRule = (option, value) => {
  if (typeof value !== 'string') rejectOption(option, 'a string', value);
};

const marks: OptionRule = (option, value) => {
  if (typeof value !== 'string' || !/^[+~-]*$/.test(value)) rejectOption(option, 'a string of +, - and ~', value);
};

const ratio: OptionRule = (option, value) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) rejectOption(option, 'a ratio from 0 to 1', value);
};

const tallies = { calls: tally, failures: tally, slow: tally };

const openingShape = wholeObjectOf({ ...tallies, failureRate: ratio, slowRate: ratio, consecutiveFailures: tally });

const totalsShape = wholeObjectOf(
  {
    ...{ successes: tally, failures: tally, slow: tally, ignored: tally, cancelled: tally },
    ...{ timeouts: tally, rejected: tally },
    lastFailure: nullOr(wholeObjectOf({ name: aString, kind: nullOr(aString), status: nullOr(instant), at: instant })),
  },
  { kinds: wholeObjectOf({ failures: talliesByName, ignored: talliesByName }) },
);

const snapshotShape = wholeObjectOf(
  {
    version: oneOf(1),
    name: nonEmptyString,
    state: oneOf('closed', 'open', 'halfOpen', 'isolated', 'disabled'),
    generation: tally,
    since: instant,
    recoverAt: nullOr(instant),
    waitMs: nullOr(duration),
    reopenings: tally,
    mode: oneOf('failuresInARow', 'failuresInWindow', 'rateOfCalls', 'rateOverTime'),
    counts: wholeObjectOf({
      consecutiveFailures: tally,
      failureTimes: arrayOf(instant),
      window: wholeObjectOf({
        ...tallies,
        slices: arrayOf(wholeObjectOf({ at: instant, ...tallies })),
        older: arrayOf(marks),
        newest: marks,
        skipped: tally,
      }),
    }),
    totals: totalsShape,
  },
  { opening: nullOr(openingShape) },
);

/** Accepts what `toJSON()` has returned, also after a way through JSON, and nothing that is broken or made up. */
export const aSnapshot: OptionRule = (option, value) => {
  snapshotShape(option, value);
  assertSnapshot(value);
  const refuse = (what: string): never => {
    throw new BreakerOptionsError(option, `${option} is broken: ${what}.`);
  };
  const { state, recoverAt, waitMs, reopenings, counts, totals, mode } = value;
  const isOpen = state === 'open';
  if ((recoverAt !== null) !== isOpen || (waitMs !== null) !== isOpen)
    refuse(`its recoverAt and waitMs do not fit the state ${state}`);
  if (reopenings > 0 && !isOpen && state !== 'halfOpen') refuse(`its reopenings do not fit the state ${state}`);
  if (totals.slow > totals.failures) refuse('more calls were slow than failed');
  if (!areSoundCounts(counts, mode)) refuse('its counts do not add up, or its instants are not in order');
};

const registryShape = wholeObjectOf({
  version: oneOf(1),
  totals: totalsShape,
  breakers: (option, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) rejectOption(option, 'an object', value);
    for (const [key, snapshot] of Object.entries(value)) {
      const path = `${option}[${JSON.stringify(key)}]`;
      aSnapshot(path, snapshot);
      if (propertyOf(snapshot, 'name') !== key) throw new BreakerOptionsError(option, `${path} is of another breaker.`);
    }
  },
});

/** Accepts what `toJSON()` of a registry has returned, like `aSnapshot`. */
export const aRegistrySnapshot: OptionRule = (option, value) => registryShape(option, value);

/** For the type only: the rules above have checked the value. */
function assertSnapshot(_value: unknown): asserts _value is BreakerSnapshot {}
