/**
 * Reads a property of anything that was thrown or returned: getters and proxies may throw, and nothing of that may
 * reach the caller of a breaker.
 *
 * @returns The property, or undefined where there is none or it cannot be read.
 */
export function fieldOf(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** Follows property after property, as {@link fieldOf} reads them. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(fieldOf, value);
}

/** Reads a property that is a string; undefined where it is none. */
export function textOf(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field : undefined;
}

/** Tells whether a value has a property, without reading it: a getter may start something. */
export function hasField(value: unknown, name: string): boolean {
  try {
    return typeof value === 'object' && value !== null && name in value;
  } catch {
    return false;
  }
}

/** The first entries of an array; none of anything else. */
export function entriesOf(value: unknown, most = 100): readonly unknown[] {
  try {
    return Array.isArray(value) ? Array.from({ length: Math.min(value.length, most) }, (_, index) => value[index]) : [];
  } catch {
    return [];
  }
}

/** Tells whether a value is an array; a revoked proxy is none. */
export function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** The names of the first fields of an object; none of anything else. */
export function namesOf(value: unknown, most = 200): readonly string[] {
  try {
    return typeof value === 'object' && value !== null ? Object.keys(value).slice(0, most) : [];
  } catch {
    return [];
  }
}
