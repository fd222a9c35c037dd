/** Passes a value off as the type that is wanted, as a caller without types can. */
export function untyped<T>(value: unknown): T;
export function untyped(value: unknown): unknown {
  return value;
}

/** An object whose `then` is this function. */
export function thenable(then: () => unknown): object {
  return Object.defineProperty({}, 'then', { value: then });
}
