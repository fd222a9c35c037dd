/**
 * Tells whether a result is a finished answer that says nothing, in the format of one vendor or library.
 *
 * @returns undefined where the result is not in this format.
 */
export type IsEmptyAnswer = (result: unknown) => boolean | undefined;
