/** Longer texts are no wait. */
const longestText = 60;

const unitsMs: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/**
 * Reads a wait out of a header's value: seconds with or without a fraction (`30`, `1.5`), a duration (`55s`, `6m0s`,
 * `20ms`) or a date (of HTTP, or RFC 3339).
 *
 * @param value - Anything; what is neither of these is no wait.
 * @param nowMs - The present, in epoch milliseconds.
 * @returns Milliseconds, finite and at least 0, which is also what a date in the past gives; else undefined.
 */
export function parseWait(value: unknown, nowMs: number): number | undefined {
  const text = textOfHeader(value);
  if (text === undefined) return undefined;
  return toWait(parseNumber(text) * 1_000) ?? parseDuration(text) ?? parseDate(text, nowMs);
}

/** Reads a wait that is given in milliseconds, as a number without a unit. */
export function parseMilliseconds(value: unknown): number | undefined {
  const text = textOfHeader(value);
  return text === undefined ? undefined : toWait(parseNumber(text));
}

/**
 * Reads when a limit is reset: as {@link parseWait} does, or as an instant in epoch seconds or milliseconds, which
 * numbers above 1e9 are.
 */
export function parseReset(value: unknown, nowMs: number): number | undefined {
  const number = parseNumber(textOfHeader(value) ?? '');
  if (number < 1e9 || Number.isNaN(number)) return parseWait(value, nowMs);
  return toWait(Math.max(0, (number < 1e12 ? number * 1_000 : number) - nowMs));
}

function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g))
    sum += Number(amount) * (unitsMs[unit ?? ''] ?? Number.NaN);
  return toWait(sum);
}

/** Only what looks like a date: `Date.parse` takes "try 5" for one. */
function parseDate(text: string, nowMs: number): number | undefined {
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d|^\d{4}-\d\d-\d\d[t ]\d/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : toWait(Math.max(0, at - nowMs));
}

function parseNumber(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function toWait(ms: number): number | undefined {
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Headers can be given as numbers, too. */
function textOfHeader(value: unknown): string | undefined {
  if (typeof value === 'number') return `${value}`;
  return typeof value === 'string' && value.length <= longestText ? value.trim() : undefined;
}
