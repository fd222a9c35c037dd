import { BreakerOptionsError } from '../machines/breaker-options-error.ts';
import type { CallTally, CallWindow } from '../machines/counting/call-window.ts';
import { duration, nonEmptyString, type OptionRule, objectOf, rejectOption } from '../machines/option-rules.ts';
import type { BreakerSnapshot } from './breaker-snapshot.ts';

/** Every property of an object has to be there. */
function wholeObjectOf(rules: Readonly<Record<string, OptionRule>>): OptionRule {
  return objectOf(rules, Object.keys(rules));
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

function oneOf(...wanted: readonly unknown[]): OptionRule {
  return (option, value) => {
    if (!wanted.includes(value)) rejectOption(option, wanted.map((one) => JSON.stringify(one)).join(' or '), value);
  };
}

/** Far below the numbers to which one can no longer be added. */
const highestTally = 2 ** 48;

const tally: OptionRule = (option, value) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > highestTally)
    rejectOption(option, `a whole number from 0 to ${highestTally}`, value);
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

const tallies = { calls: tally, failures: tally, slow: tally };

const snapshotShape = wholeObjectOf({
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
  totals: wholeObjectOf({
    ...{ successes: tally, failures: tally, slow: tally, ignored: tally, cancelled: tally },
    ...{ timeouts: tally, rejected: tally },
    lastFailure: nullOr(wholeObjectOf({ name: aString, kind: nullOr(aString), status: nullOr(instant), at: instant })),
  }),
});

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
  if (!isInOrder(counts.failureTimes) || !isInOrder(counts.window.slices.map(({ at }) => at)))
    refuse('its instants are not in order');
  if (!addsUp(counts.window, mode)) refuse('the calls in its window do not add up');
};

/** For the type only: the rules above have checked the value. */
function assertSnapshot(_value: unknown): asserts _value is BreakerSnapshot {}

function isInOrder(instants: readonly number[]): boolean {
  return instants.every((instant, index) => index === 0 || instant >= Number(instants[index - 1]));
}

/** The sums are those of the slices, or of the marks; without either they only have to be possible. */
function addsUp(window: CallWindow, mode: BreakerSnapshot['mode']): boolean {
  const { slices, older, newest, skipped } = window;
  if ((slices.length > 0 && mode !== 'rateOverTime') || older.includes('')) return false;
  if ((older.length > 0 || newest !== '' || skipped > 0) && mode !== 'rateOfCalls') return false;
  if (mode === 'rateOfCalls' && skipped > 0 && skipped >= (older[0] ?? newest).length) return false;
  const parts = { rateOfCalls: [sumOfMarks(window)], rateOverTime: slices };
  const tallies = mode === 'rateOfCalls' || mode === 'rateOverTime' ? parts[mode] : [window];
  const sum = (part: keyof CallTally) => tallies.reduce((total, tallied) => total + tallied[part], 0);
  return (
    tallies.every(({ calls, failures, slow }) => slow <= failures && failures <= calls) &&
    [window.calls, window.failures, window.slow].join() === [sum('calls'), sum('failures'), sum('slow')].join()
  );
}

function sumOfMarks({ older, newest, skipped }: CallWindow): CallTally {
  const text = [...older, newest].join('').slice(skipped);
  const slow = text.split('~').length - 1;
  return { calls: text.length, failures: slow + text.split('-').length - 1, slow };
}
