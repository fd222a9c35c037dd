import type { UserCode } from '../platform/user-code.ts';

/** A class whose instances can be recognised: by its own static `isInstance`, or by `instanceof`. */
export type ErrorClass =
  | (abstract new (
      ...args: never[]
    ) => unknown)
  | { readonly isInstance: (value: unknown) => boolean; readonly prototype: unknown };

/** What an error means for the circuit. */
export interface FailureJudgement {
  /** Whether it counts as a failure. One that does not is neutral. */
  readonly counts: boolean;
  /**
   * Whether it opens the circuit whatever the threshold, because it is of no use to go on.
   * @default false
   */
  readonly opensAtOnce?: boolean | undefined;
  /**
   * How long the circuit stays open if this error opens it, in milliseconds from 1 to 2147483647. It extends the wait of a
   * circuit that is open already, if it ends later.
   * @default the wait by `recoveryTimeout` and `recoveryBackoff`
   */
  readonly openFor?: number | undefined;
  /**
   * How long whoever failed asks to wait, in milliseconds, as it was said; `failover` waits so long before it asks the
   * same candidate again.
   * @default `openFor`
   */
  readonly retryAfterMs?: number | undefined;
  /**
   * What kind of failure it is, for `metrics().lastFailure`.
   * @default none
   */
  readonly kind?: string | undefined;
}

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
  /**
   * Tells what an error means that is not excluded and for which `failurePredicate` is not false. It may be asked more
   * than once about an error. One that throws counts the error. `modelCalls()` of `agent-circuit-breaker/llm` is one for
   * model calls.
   * @default none: every error counts
   */
  readonly classifyError?: ((error: unknown) => FailureJudgement) | undefined;
}

/** Judges errors; it never throws. */
export interface ErrorJudge {
  /** What an error means, exclusions and predicate included. */
  judge(error: unknown): FailureJudgement;
  /** What `classifyError` says of an error; undefined where there is none, or nothing sound is said. */
  classify(error: unknown): FailureJudgement | undefined;
  /** Hands over what `judge` has said since this was asked last; undefined where it was not asked. */
  takeLatest(): FailureJudgement | undefined;
}

/** What a failure means that there is nothing to judge of. */
export const counted: FailureJudgement = { counts: true };
const neutral: FailureJudgement = { counts: false };

/**
 * Turns exclusions, predicate and classification into one judge, which asks them in this order.
 *
 * @returns The judge, or undefined where every error counts.
 */
export function createErrorJudge(
  { excludedErrors, failurePredicate, classifyError }: ErrorJudgement,
  userCode: UserCode,
): ErrorJudge | undefined {
  if (!failurePredicate && !excludedErrors?.length && !classifyError) return undefined;
  const excluded = [...(excludedErrors ?? [])];
  const isExcluded = (error: unknown) =>
    excluded.some((errorClass) => userCode.ask('excludedErrors', false, () => isInstanceOf(error, errorClass)));
  const classify = (error: unknown) => {
    const answer = classifyError && userCode.value('classifyError', () => classifyError(error));
    return judgementIn(answer, 'classifyError', userCode);
  };
  const judge = (error: unknown) => {
    if (isExcluded(error)) return neutral;
    if (failurePredicate && !userCode.ask('failurePredicate', true, () => failurePredicate(error))) return neutral;
    return classify(error) ?? counted;
  };
  let latest: FailureJudgement | undefined;
  return {
    classify,
    judge: (error) => {
      latest = judge(error);
      return latest;
    },
    takeLatest: () => {
      const taken = latest;
      latest = undefined;
      return taken;
    },
  };
}

/**
 * What an answer of the user's code says that a failure means; undefined where it says nothing. A copy: what throws when it
 * is read does so here, where it is reported.
 *
 * @param where - The option that the answer came from.
 */
export function judgementIn(answer: unknown, where: string, userCode: UserCode): FailureJudgement | undefined {
  try {
    if (!isJudgement(answer)) return undefined;
    const { counts, opensAtOnce, openFor, retryAfterMs, kind } = answer;
    return { counts, opensAtOnce, openFor, retryAfterMs, kind: typeof kind === 'string' ? kind : undefined };
  } catch (error) {
    userCode.report(error, where);
    return undefined;
  }
}

/** Tells whether a value is meant to say what a failure means. */
export function isJudgement(value: unknown): value is FailureJudgement {
  return typeof value === 'object' && value !== null && 'counts' in value;
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
