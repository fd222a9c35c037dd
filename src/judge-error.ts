import type { UserCode } from './user-code.ts';

/** A class whose instances can be recognised: by its own static `isInstance`, or by `instanceof`. */
export type ErrorClass =
  | (abstract new (
      ...args: never[]
    ) => unknown)
  | { readonly isInstance: (value: unknown) => boolean; readonly prototype: unknown };

/** What decides whether an error counts as a failure. */
export interface ErrorJudgement {
  /**
   * Only an error for which it returns true counts. One that throws counts the error.
   * @default none: every error counts
   */
  readonly failurePredicate?: ((error: unknown) => boolean) | undefined;
  /**
   * Classes of errors that never count; they are still re-thrown. Matched by `instanceof`, or by the class's own
   * static `isInstance` where it has one, so that errors of another copy of a package match.
   * @default none
   */
  readonly excludedErrors?: readonly ErrorClass[] | undefined;
}

/** Tells whether an error counts as a failure; it never throws. */
export type JudgeError = (error: unknown) => boolean;

/**
 * Turns exclusions and predicate into one function: excluded errors first, then the predicate.
 *
 * @returns The judge, or undefined where every error counts.
 */
export function createErrorJudge(
  { excludedErrors, failurePredicate }: ErrorJudgement,
  userCode: UserCode,
): JudgeError | undefined {
  if (!failurePredicate && !excludedErrors?.length) return undefined;
  const excluded = [...(excludedErrors ?? [])];
  const isExcluded = (error: unknown) =>
    excluded.some((errorClass) => userCode.ask('excludedErrors', false, () => isInstanceOf(error, errorClass)));
  return (error) => {
    if (isExcluded(error)) return false;
    return !failurePredicate || userCode.ask('failurePredicate', true, () => failurePredicate(error));
  };
}

function isInstanceOf(error: unknown, errorClass: ErrorClass): boolean {
  if (
    Object.hasOwn(errorClass, 'isInstance') &&
    'isInstance' in errorClass &&
    typeof errorClass.isInstance === 'function'
  )
    return errorClass.isInstance(error);
  return typeof errorClass === 'function' && error instanceof errorClass;
}
