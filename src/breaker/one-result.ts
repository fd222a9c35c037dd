/**
 * What a function that is called for one result has to be, too: anything, unless it gives an AsyncIterable, whose outcome
 * is not known when it is returned. A page of a list, which is one as well, is a result.
 */
// In tuples, so that what is only known by a type parameter is let pass; `any` and `never` extend everything.
export type OneResult<R, Result = NonNullable<Awaited<R>>> = [
  [0] extends [1 & Result] ? 'any' : [Result] extends [never] ? 'never' : Result,
] extends [AsyncIterable<unknown>]
  ? [Result] extends [{ hasNextPage(): unknown }]
    ? unknown
    : 'This gives a stream, which is not over when it is returned: use stream() or failoverStream().'
  : unknown;
