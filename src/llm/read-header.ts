import { entriesOf, fieldAt, fieldOf, isArray } from './read-field.ts';

/** Reads one header of the response that an error carries, whatever its case. */
export type ReadHeader = (name: string) => unknown;

/**
 * Finds the headers of the response that an error carries: a `Headers`, a `Map` or a plain object.
 *
 * @returns A reader that gives undefined for what is not there.
 */
export function headersOf(error: unknown): ReadHeader {
  const places = [
    fieldOf(error, 'headers'),
    fieldOf(error, 'responseHeaders'),
    fieldAt(error, 'response', 'headers'),
  ].map(toReader);
  return (name) => {
    for (const read of places) {
      const value = read(name);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
}

function toReader(headers: unknown): ReadHeader {
  const get = fieldOf(headers, 'get');
  if (typeof get === 'function')
    return (name) => {
      try {
        return get.call(headers, name);
      } catch {
        return undefined;
      }
    };
  const fields = new Map(namesOf(headers).map((name) => [name.toLowerCase(), name]));
  return (name) => {
    const value = fieldOf(headers, fields.get(name) ?? name);
    return isArray(value) ? entriesOf(value, 1)[0] : value;
  };
}

function namesOf(headers: unknown): readonly string[] {
  try {
    return typeof headers === 'object' && headers !== null ? Object.keys(headers).slice(0, 200) : [];
  } catch {
    return [];
  }
}
