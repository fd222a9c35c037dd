import { entriesOf, fieldOf, isArray, namesOf } from './read-field.ts';

/** Reads one header of the response that an error carries, whatever its case. */
export type ReadHeader = (name: string) => unknown;

/** The last is gRPC's. */
const headerFields = ['headers', 'responseHeaders', 'metadata'] as const;

/**
 * Finds the headers of the responses that an error carries, or that its body repeats: a `Headers`, a `Map` or a plain
 * object.
 *
 * @param parts - The error, its responses and the parts of its body.
 * @returns A reader that gives undefined for what is not there.
 */
export function headersOf(parts: readonly unknown[]): ReadHeader {
  const places: ReadHeader[] = [];
  for (const part of parts)
    for (const field of headerFields) {
      const headers = fieldOf(part, field);
      if (typeof headers === 'object' && headers !== null) places.push(toReader(headers));
    }
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
        return joined(get.call(headers, name));
      } catch {
        return undefined;
      }
    };
  const fields = new Map(namesOf(headers).map((name) => [name.toLowerCase(), name]));
  return (name) => {
    return joined(fieldOf(headers, fields.get(name) ?? name));
  };
}

/** Several values as a `Headers` gives them. */
function joined(value: unknown): unknown {
  if (!isArray(value)) return value;
  const values = entriesOf(value, 10);
  return values.every((one) => typeof one === 'string') && values.length > 0 ? values.join(', ') : values[0];
}
