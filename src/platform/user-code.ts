import { describeValue } from '../../machines/settings/describe-value.ts';

const nothing: readonly string[] = [];

/** What may be given as `onCallbackError`. */
export type CallbackErrorHandler = (error: unknown, where: string) => unknown;

/**
 * Runs the user's own code: callbacks, listeners, predicates, an inspector. What it throws, or rejects with, is
 * reported and goes no further. Code that causes itself to be run while it runs is not run again, since that might
 * never end.
 */
export class UserCode {
  readonly #onCallbackError: CallbackErrorHandler | undefined;
  #running: readonly string[] = nothing;
  #printed: Set<string> | undefined;

  /** @param onCallbackError - Hears of errors; left out, `console.error` does, once per distinct message. */
  constructor(onCallbackError: CallbackErrorHandler | undefined) {
    this.#onCallbackError = onCallbackError;
  }

  /**
   * Runs something whose result does not matter.
   *
   * @param where - The option or listener it came from, such as `onOpen`; named in reports.
   */
  run(where: string, code: () => unknown): void {
    this.#guard(where, code);
  }

  /** Asks a predicate; `otherwise` is the answer of one that throws, is being asked already or gives no answer yet. */
  ask(where: string, otherwise: boolean, code: () => unknown): boolean {
    const answer = this.#guard(where, code);
    return answer.isKnown ? Boolean(answer.value) : otherwise;
  }

  /** Asks for a value; undefined from code that throws, is being asked already or gives no value yet. */
  value(where: string, code: () => unknown): unknown {
    return this.#guard(where, code).value;
  }

  #guard(where: string, code: () => unknown): { readonly isKnown: boolean; readonly value?: unknown } {
    if (this.#running.includes(where)) return { isKnown: false };
    const before = this.#running;
    this.#running = [...before, where];
    try {
      const value = code();
      if (!isThenable(value)) return { isKnown: true, value };
      Promise.resolve(value).catch((error: unknown) => this.#guard(where, () => this.report(error, where)));
    } catch (error) {
      this.report(error, where);
    } finally {
      this.#running = before;
    }
    return { isKnown: false };
  }

  /** Passes an error on to whoever is to hear of it; never throws. */
  report(error: unknown, where: string): void {
    try {
      if (this.#onCallbackError === undefined) this.#print(error, where);
      else ignoreRejection(this.#onCallbackError(error, where));
    } catch {
      // A handler that throws has nobody left to be reported to.
    }
  }

  #print(error: unknown, where: string): void {
    const message = `agent-circuit-breaker: ${where} threw: ${textOf(error)}`;
    this.#printed ??= new Set();
    if (this.#printed.has(message)) return;
    // Messages may carry ids or dates; what is remembered of them must not grow for ever.
    if (this.#printed.size < 100) this.#printed.add(message);
    console.error(message);
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
  const hint = value instanceof Promise ? ' Give it the function that makes the promise.' : '';
  return new TypeError(`A circuit breaker calls functions, but was given ${describeValue(value)}.${hint}`);
}

/** A promise that nobody waits for; its rejection must not become an unhandled one. */
export function ignoreRejection(value: unknown): void {
  if (isThenable(value)) Promise.resolve(value).catch(() => {});
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'something that has no text';
  }
}
