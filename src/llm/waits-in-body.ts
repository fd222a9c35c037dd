import { parseMilliseconds, parseReset, parseWait } from './parse-wait.ts';
import { fieldOf, namesOf } from './read-field.ts';

type Parse = (value: unknown, nowMs: number) => number | undefined;

/** Names of fields in lower case, without lines and unit, under which vendors say how long to wait. */
const waits: ReadonlySet<string> = new Set([
  ...['retryafter', 'retrydelay', 'retryin', 'resetsin', 'resetin', 'resetafter', 'quotaresetdelay', 'estimatedtime'],
  ...['waittime', 'waitfor', 'cooldown', 'timetoreset', 'secondstoreset', 'reset'],
]);

/** The same, of fields that say until when. */
const instants: ReadonlySet<string> = new Set([
  ...[
    'resetsat',
    'resetat',
    'resetson',
    'resettime',
    'resettimestamp',
    'quotaresettimestamp',
    'retryat',
    'availableat',
  ],
]);

/** How what is in a field is read; undefined where it is no wait. */
function parserOf(name: string): Parse | undefined {
  // Most names are none, and need not be taken apart.
  if (!/reset|retry|wait|cool|estimated|available/i.test(name)) return undefined;
  const plain = name.replace(/[_-]/g, '').toLowerCase();
  if (instants.has(plain)) return parseReset;
  const [, wait = plain, unit] = /^(.+?)(ms|millis(?:econds)?|s|secs?|seconds)$/.exec(plain) ?? [];
  if (waits.has(wait) && unit) return unit.startsWith('m') ? inMilliseconds : inSeconds;
  return waits.has(plain) ? inSeconds : undefined;
}

/**
 * The waits that fields of an error's body ask for, as the vendors name them.
 *
 * @param parts - The error and the parts of its body.
 * @param nowMs - The present, in epoch milliseconds.
 */
export function waitsInBody(parts: readonly unknown[], nowMs: number): readonly number[] {
  const found: number[] = [];
  for (const part of parts)
    for (const name of namesOf(part)) {
      const wait = parserOf(name)?.(fieldOf(part, name), nowMs);
      if (wait !== undefined) found.push(wait);
    }
  return found;
}

function inMilliseconds(value: unknown): number | undefined {
  return parseMilliseconds(value);
}

/** In Protocol Buffers durations are text in JSON, an object elsewhere. */
function inSeconds(value: unknown, nowMs: number): number | undefined {
  return parseWait(typeof value === 'object' ? fieldOf(value, 'seconds') : value, nowMs);
}
