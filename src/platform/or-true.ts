/** Asks the user's own code, which must not change what the caller of a request, or the reader of a stream, gets: where it throws, the answer is true. */
export function orTrue(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return true;
  }
}
