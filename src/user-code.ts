import { describeValue } from '../machines/option-rules.ts';

/**
 * Hears of an error thrown by the user's own code: a callback, a listener, a predicate, an inspector. It never
 * throws.
 *
 * @param error - What was thrown.
 * @param where - The option or listener it came from, such as `onOpen` or `failurePredicate`.
 */
export type ReportError = (error: unknown, where: string) => void;

/**
 * Wraps `onCallbackError` so that reporting can do no harm.
 *
 * @param onCallbackError - The user's reporter; left out, `console.error` once per distinct message.
 */
export function createErrorReporter(
  onCallbackError: ((error: unknown, where: string) => unknown) | undefined,
): ReportError {
  const report = onCallbackError ?? createConsoleReporter();
  return (error, where) => {
    try {
      // A reporter that rejects has nobody left to be reported to.
      const result = report(error, where);
      if (isThenable(result)) Promise.resolve(result).catch(() => {});
    } catch {
      // Neither has one that throws.
    }
  };
}

/**
 * Runs a piece of the user's code. What it throws, or rejects with, is reported and goes no further.
 *
 * @param where - Named in the report.
 * @param code - The code to run; its result is dropped.
 */
export function runUserCode(report: ReportError, where: string, code: () => unknown): void {
  try {
    const result = code();
    if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => report(error, where));
  } catch (error) {
    report(error, where);
  }
}

/** Asks a predicate of the user's; where it throws, that is reported and `otherwise` is the answer. */
export function askUserCode(report: ReportError, where: string, otherwise: boolean, ask: () => unknown): boolean {
  try {
    return Boolean(ask());
  } catch (error) {
    report(error, where);
    return otherwise;
  }
}

/** Tells whether a value is a promise, or like one; a `then` that cannot be read does not make one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  try {
    return 'then' in value && typeof value.then === 'function';
  } catch {
    return false;
  }
}

/** Throws a TypeError unless the value can be called. */
export function assertFunction(value: unknown): void {
  if (typeof value !== 'function') throw notAFunction(value);
}

/** The error for a call of something that is no function. */
export function notAFunction(value: unknown): TypeError {
  return new TypeError(`A circuit breaker calls functions, but was given ${describeValue(value)}.`);
}

function createConsoleReporter(): ReportError {
  const seen = new Set<string>();
  return (error, where) => {
    const message = `agent-circuit-breaker: ${where} threw: ${String(error)}`;
    if (seen.has(message)) return;
    // Messages may carry ids or dates; what is remembered of them must not grow for ever.
    if (seen.size < 100) seen.add(message);
    console.error(message);
  };
}
