/**
 * Says in one word or short phrase what a value is, without printing anything long or secret.
 *
 * @param value - Any value.
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Promise) return 'a promise';
  if (value === undefined) return 'undefined';
  const className = classNameOf(value);
  return className === undefined ? `a value of type ${typeof value}` : `an instance of ${className}`;
}

/** The class of an object, where it is of one. */
function classNameOf(value: unknown): string | undefined {
  try {
    const className: unknown = typeof value === 'object' && value !== null ? value.constructor.name : undefined;
    return typeof className === 'string' && /^[A-Z]\w{0,60}$/.test(className) && className !== 'Object'
      ? className
      : undefined;
  } catch {
    return undefined;
  }
}
