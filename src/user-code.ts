import { describeValue } from '../machines/option-rules.ts';

/**
 * Hears of what the user's own code throws: a callback, a listener, a predicate, an inspector. Reporting does no harm:
 * it never throws.
 */
export class ErrorReporter {
  readonly #onCallbackError: CallbackErrorHandler | undefined;
  #printed: Set<string> | undefined;

  /** @param onCallbackError - The user's own handler; left out, `console.error` once per distinct message. */
  constructor(onCallbackError: CallbackErrorHandler | undefined) {
    this.#onCallbackError = onCallbackError;
  }

  /**
   * Passes an error on.
   *
   * @param error - What was thrown.
   * @param where - The option or listener it came from, such as `onOpen` or `failurePredicate`.
   */
  report(error: unknown, where: string): void {
    try {
      if (this.#onCallbackError === undefined) this.#print(error, where);
      else ignoreRejection(this.#onCallbackError(error, where));
    } catch {
      // A handler that throws has nobody left to be reported to.
    }
  }

  #print(error: unknown, where: string): void {
    const message = `agent-circuit-breaker: ${where} threw: ${String(error)}`;
    this.#printed ??= new Set();
    if (this.#printed.has(message)) return;
    // Messages may carry ids or dates; what is remembered of them must not grow for ever.
    if (this.#printed.size < 100) this.#printed.add(message);
    console.error(message);
  }
}

/** What may be given as `onCallbackError`. */
export type CallbackErrorHandler = (error: unknown, where: string) => unknown;

/**
 * Runs a piece of the user's code. What it throws, or rejects with, is reported and goes no further.
 *
 * @param where - Named in the report.
 * @param code - The code to run; its result is dropped.
 */
export function runUserCode(reporter: ErrorReporter, where: string, code: () => unknown): void {
  try {
    const result = code();
    if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => reporter.report(error, where));
  } catch (error) {
    reporter.report(error, where);
  }
}

/** Asks a predicate of the user's; where it throws, that is reported and `otherwise` is the answer. */
export function askUserCode(reporter: ErrorReporter, where: string, otherwise: boolean, ask: () => unknown): boolean {
  try {
    return Boolean(ask());
  } catch (error) {
    reporter.report(error, where);
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

/** A promise that nobody waits for; its rejection must not become an unhandled one. */
export function ignoreRejection(value: unknown): void {
  if (isThenable(value)) Promise.resolve(value).catch(() => {});
}
