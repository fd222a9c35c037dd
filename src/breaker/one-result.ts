/** What the compiler says of a function that gives a stream where one result is wanted. */
type UseStreamInstead = 'This gives a stream, which is not over when it is returned: use stream() or failoverStream().';

/** What a function resolves to, but for what says nothing. Wrapped in tuples, so that a type parameter is let pass. */
type Known<T> = [0] extends [1 & T] ? 'any' : [T] extends [never] ? 'never' : T;

type ResultOf<R> = Known<NonNullable<Awaited<R>>>;

/**
 * What a function that is called for one result has to be, too: anything, unless it gives an AsyncIterable, whose outcome
 * is not known when it is returned. A page of a list, which is one as well, is a result.
 */
export type OneResult<R> = [ResultOf<R>] extends [AsyncIterable<unknown>]
  ? [ResultOf<R>] extends [{ hasNextPage(): unknown }]
    ? unknown
    : UseStreamInstead
  : unknown;
