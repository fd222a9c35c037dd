import { highestTally } from './add-up.ts';
import type { CallTally, CallWindow } from './call-window.ts';
import type { CountingMode } from './counting-mode.ts';
import type { OutcomeCounts } from './outcome-counts.ts';

/**
 * Tells whether a value can be counted on from. Counts that came from elsewhere and are not sound would make a guard
 * stumble, which stops an actor for good.
 *
 * @param value - Anything.
 * @param mode - By what failures are judged.
 */
export function areSoundCounts(value: unknown, mode: CountingMode): value is OutcomeCounts {
  if (!isObject(value) || !isTally(value.consecutiveFailures) || !areInOrder(value.failureTimes)) return false;
  const { window } = value;
  return isWindow(window) && areInOrder(window.slices.map(({ at }) => at)) && addsUp(window, mode);
}

function isWindow(value: unknown): value is CallWindow {
  if (!isObject(value) || !areTallies(value) || !isTally(value.skipped)) return false;
  const { slices, older, newest } = value;
  if (!Array.isArray(slices) || !slices.every((slice) => isObject(slice) && areTallies(slice))) return false;
  return (
    Array.isArray(older) && [...older, newest].every((piece) => typeof piece === 'string' && /^[+~-]*$/.test(piece))
  );
}

/** The sums are those of the slices, or of the marks; without either they only have to be possible. */
function addsUp(window: CallWindow, mode: CountingMode): boolean {
  const { slices, older, newest, skipped } = window;
  const hasMarks = older.length > 0 || newest !== '' || skipped > 0;
  if ((slices.length > 0 && mode !== 'rateOverTime') || (hasMarks && mode !== 'rateOfCalls')) return false;
  if (older.includes('') || (skipped > 0 && skipped >= (older[0] ?? newest).length)) return false;
  if (mode !== 'rateOfCalls' && mode !== 'rateOverTime') return true;
  const parts = mode === 'rateOfCalls' ? [sumOfMarks(window)] : slices;
  const sum = (part: keyof CallTally) => parts.reduce((total, tally) => total + tally[part], 0);
  return window.calls === sum('calls') && window.failures === sum('failures') && window.slow === sum('slow');
}

function sumOfMarks({ older, newest, skipped }: CallWindow): CallTally {
  const text = [...older, newest].join('').slice(skipped);
  const slow = text.split('~').length - 1;
  return { calls: text.length, failures: slow + text.split('-').length - 1, slow };
}

function areTallies({ calls, failures, slow }: Readonly<Record<string, unknown>>): boolean {
  return isTally(calls) && isTally(failures) && isTally(slow) && slow <= failures && failures <= calls;
}

function isTally(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= highestTally;
}

function areInOrder(instants: unknown): boolean {
  return (
    Array.isArray(instants) &&
    instants.every((instant, index) => Number.isFinite(instant) && (index === 0 || instant >= instants[index - 1]))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
