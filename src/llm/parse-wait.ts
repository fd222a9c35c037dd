/** Longer texts are no wait. */
const longestText = 120;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** By the first letters of the unit; the longest is tried first. */
const unitsMs: readonly (readonly [unit: string, ms: number])[] = [
  ['ms', 1],
  ['milli', 1],
  ['d', 24 * hourMs],
  ['h', hourMs],
  ['m', minuteMs],
  ['s', secondMs],
  ['天', 24 * hourMs],
  ['小时', hourMs],
  ['分', minuteMs],
  ['秒', secondMs],
];

/** An amount of time and its unit, as a pattern. */
export const amountOfTime =
  '\\d+(?:\\.\\d+)?\\s?(?:milliseconds?|ms|d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?|天|小时|分钟?|秒钟?)(?![a-z])';

const duration = new RegExp(`^(?:${amountOfTime}[\\s,]*)+$`, 'i');
const amounts = /(\d+(?:\.\d+)?)\s?([a-z天小时分钟秒]+)/gi;

/**
 * Reads a wait out of a header's value: seconds with or without a fraction (`30`, `1.5`), a duration (`55s`, `6m0s`,
 * `20ms`, `2 hours`) or a date (of HTTP, in any of its three forms, or RFC 3339). Of several values, which is what a header
 * comes to that two have set, the longest.
 *
 * @param value - Anything; what is neither of these is no wait.
 * @param nowMs - The present, in epoch milliseconds.
 * @returns Milliseconds, finite and at least 0, which is also what a date in the past gives; else undefined.
 */
export function parseWait(value: unknown, nowMs: number): number | undefined {
  const text = textOfHeader(value);
  if (text === undefined) return undefined;
  return (
    parseOne(text, nowMs) ?? longest(text.split(/,(?! \d\d[ -][a-z]{3})/i).map((one) => parseOne(one.trim(), nowMs)))
  );
}

/** Reads a wait that is given in milliseconds, as a number without a unit; of several, the longest. */
export function parseMilliseconds(value: unknown): number | undefined {
  const text = textOfHeader(value);
  return text === undefined ? undefined : longest(text.split(',').map((one) => toWait(parseNumber(one.trim()))));
}

/**
 * Reads when a limit is reset: as {@link parseWait} does, or as an instant in epoch seconds or milliseconds, which
 * numbers above 1e9 are.
 */
export function parseReset(value: unknown, nowMs: number): number | undefined {
  const number = parseNumber(textOfHeader(value) ?? '');
  if (number < 1e9 || Number.isNaN(number)) return parseWait(value, nowMs);
  return toWait(Math.max(0, (number < 1e12 ? number * secondMs : number) - nowMs));
}

/** Reads a duration: amounts with their units, one after the other. */
export function parseDuration(text: string): number | undefined {
  if (!duration.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of text.toLowerCase().matchAll(amounts))
    sum += Number(amount) * (unitsMs.find(([start]) => unit.startsWith(start))?.[1] ?? Number.NaN);
  return toWait(sum);
}

/**
 * Reads an instant: only what looks like a date, since `Date.parse` takes "try 5" for one.
 *
 * @returns Epoch milliseconds.
 */
export function parseInstant(text: string): number | undefined {
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? (?:\d|[a-z]{3} )|^\d{4}-\d\d-\d\d[t ]\d/i.test(text)) return undefined;
  // The form of C's asctime names no zone: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
  const at = Date.parse(/^[a-z]{3} [a-z]{3} .*\d{4}$/i.test(text) ? `${text} GMT` : text);
  return Number.isNaN(at) ? undefined : at;
}

function parseOne(text: string, nowMs: number): number | undefined {
  const seconds = toWait(parseNumber(text) * secondMs);
  if (seconds !== undefined) return seconds;
  const at = parseInstant(text);
  return at === undefined ? parseDuration(text) : toWait(Math.max(0, at - nowMs));
}

function parseNumber(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function longest(waits: readonly (number | undefined)[]): number | undefined {
  const known = waits.filter((wait) => wait !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

function toWait(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Headers can be given as numbers, too. */
function textOfHeader(value: unknown): string | undefined {
  if (typeof value === 'number') return `${value}`;
  return typeof value === 'string' && value.length <= longestText ? value.trim() : undefined;
}
