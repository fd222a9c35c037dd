import { Runnable } from '@langchain/core/runnables';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { Breaker } from '../breaker/breaker.ts';
import { isBreaker } from '../breaker/is-breaker.ts';
import { guardMethods } from './guard-methods.ts';
import { checkGuardRunnableOptions, type GuardRunnableOptions } from './guard-runnable-options.ts';

/**
 * Puts a breaker in front of a runnable: a model, a chain, a graph. `invoke`, `stream`, `transform` and `batch`, which is
 * one call per input, ask for admission, and so does what is made of the runnable by `bindTools`,
 * `withStructuredOutput`, `withConfig`, `withRetry` or `pipe`. A stream counts at its end. `config.signal` is honoured: an
 * abort is neutral, and `AbortSignal.timeout()` counts.
 *
 * A model's own `generate`, and its `streamEvents` without `version: 'v2'`, go past the guard. The breaker's `timeout` and
 * `fallback` play no part: use `config.timeout` and `withFallbacks`.
 *
 * @param runnable - It is not changed, and may still be used unguarded.
 * @param breaker - The breaker.
 * @param options - How streams are watched.
 * @returns The runnable with the guard in front of it; its calls reject with a `CircuitBreakerOpenError` when the circuit
 *   does.
 * @throws TypeError for a breaker that is none; BreakerOptionsError for an option that is unknown or wrong.
 * @example
 * ```ts
 * const breaker = createBreaker({ name: 'model', ...modelCalls() });
 * const model = guardRunnable(new ChatOpenAI({ model: 'gpt-5' }), breaker);
 * const answer = await model.withFallbacks([otherModel]).invoke('Hello');
 * ```
 */
export function guardRunnable<R extends Runnable>(
  runnable: R,
  breaker: Breaker,
  options: GuardRunnableOptions = {},
): R {
  if (!isBreaker(breaker))
    throw new TypeError(`guardRunnable wants a breaker, but was given ${describeValue(breaker)}.`);
  checkGuardRunnableOptions(options);
  const guards = guardMethods(runnable, breaker, options);
  const guardMade = (made: unknown) => (Runnable.isRunnable(made) ? guardRunnable(made, breaker, options) : made);
  // Some models make a new model of these, which knows nothing of the guard.
  for (const name of ['withConfig', 'bindTools']) {
    const make: unknown = Reflect.get(runnable, name);
    if (typeof make === 'function')
      guards.set(name, (...args: readonly unknown[]) => guardMade(Reflect.apply(make, runnable, args)));
  }
  return new Proxy(runnable, {
    // Methods run on the guarded runnable, so that what they make of it is guarded.
    get(target, name) {
      if (guards.has(name)) return guards.get(name);
      const value: unknown = Reflect.get(target, name, target);
      // An agent takes a binding apart, to bind its tools to what is inside.
      return name === 'bound' ? guardMade(value) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}
