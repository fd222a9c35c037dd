import { parseMilliseconds, parseReset, parseWait } from './parse-wait.ts';
import { fieldOf, namesOf } from './read-field.ts';

type Parse = (value: unknown, nowMs: number) => number | undefined;

/** Names of fields without their lines and in lower case, and how what is in them is read. */
const waitFields: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ...['retryafterms', 'retryaftermillis', 'retryaftermilliseconds', 'resetsinms'].map(inMilliseconds),
  ...['retryafter', 'retryafterseconds', 'retryaftersec', 'retrydelay', 'retryin', 'quotaresetdelay'].map(inSeconds),
  ...['resetsinseconds', 'resetinseconds', 'resetafter', 'resetseconds', 'estimatedtime'].map(inSeconds),
  ...['resetsat', 'resetat', 'resettime', 'resettimestamp', 'quotaresettimestamp', 'retryat'].map(asInstant),
]);

/**
 * The waits that fields of an error's body ask for, as the vendors name them.
 *
 * @param parts - The error and the parts of its body.
 * @param nowMs - The present, in epoch milliseconds.
 */
export function waitsInBody(parts: readonly unknown[], nowMs: number): readonly number[] {
  const waits: number[] = [];
  for (const part of parts)
    for (const name of namesOf(part)) {
      const parse = waitFields.get(name.replace(/[_-]/g, '').toLowerCase());
      const wait = parse?.(fieldOf(part, name), nowMs);
      if (wait !== undefined) waits.push(wait);
    }
  return waits;
}

function inMilliseconds(name: string): [string, Parse] {
  return [name, (value) => parseMilliseconds(value)];
}

/** In Protocol Buffers durations are text in JSON, an object elsewhere. */
function inSeconds(name: string): [string, Parse] {
  return [name, (value, nowMs) => parseWait(typeof value === 'object' ? fieldOf(value, 'seconds') : value, nowMs)];
}

function asInstant(name: string): [string, Parse] {
  return [name, parseReset];
}
