/** Longer texts are not looked through: an error is read while its caller waits. */
const longestText = 200_000;

/**
 * Finds the JSON object or array that a text is, or contains: SDKs put the body of an error into its message.
 *
 * @returns The parsed value, or undefined where there is none.
 */
export function jsonIn(text: string): unknown {
  const start = text.search(/[[{]/);
  if (start < 0 || text.length > longestText) return undefined;
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  return parse(text.slice(start, end + 1)) ?? parse(text.slice(text.indexOf('{'), end + 1));
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
